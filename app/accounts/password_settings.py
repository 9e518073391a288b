"""What a 安全管理员 may set about passwords: which rule book, and its numbers within their bounds.

"身份鉴别信息具有复杂度要求并定期更换" (等保). What the numbers mean stands in `policy`.
"""

from app.kernel.setting import Setting, SettingKind

GROUP = "密码"

PROFILE = Setting[str](
    key="accounts.password_profile",
    group=GROUP,
    label="密码规则",
    kind=SettingKind.CHOICE,
    default="dengbao",
    choices=(
        ("dengbao", "等保：四类字符至少三类，定期更换，用过的不能再用"),
        ("asvs", "ASVS：只看长度和常见密码，不定期更换"),
    ),
    source="GB/T 22239 8.1.4.1；OWASP ASVS 5.0 V6.2.5、V6.2.10与它不同，选它要有书面依据",
    is_policy=True,
)
MIN_LENGTH = Setting[int](
    key="accounts.password_min_length",
    group=GROUP,
    label="密码至少几位",
    unit="位",
    kind=SettingKind.INT,
    default=10,
    minimum=10,
    maximum=32,
    source="等保：复杂度要求；本站至少10位，已有的密码到下次更换时才按新的位数",
    is_policy=True,
)
RENEWAL_DAYS = Setting[int](
    key="accounts.password_renewal_days",
    group=GROUP,
    label="密码多久换一次",
    unit="天",
    kind=SettingKind.INT,
    default=90,
    minimum=30,
    maximum=180,
    source="等保：定期更换；30至180天。选ASVS规则时不用",
    is_policy=True,
)
REMEMBERED = Setting[int](
    key="accounts.passwords_remembered",
    group=GROUP,
    label="最近几个密码不能再用",
    unit="个",
    kind=SettingKind.INT,
    default=5,
    minimum=5,
    # Each is checked at a change, a few hundredths of a second for one.
    maximum=12,
    source="等保：定期更换；至少5个。选ASVS规则时不用",
    is_policy=True,
)
ACTIVATION_DAYS = Setting[int](
    key="accounts.activation_days",
    group=GROUP,
    label="激活单几天内有效",
    unit="天",
    kind=SettingKind.INT,
    default=7,
    minimum=1,
    maximum=30,
    source="考试前一周发激活单；印在单上，到那一天为止",
    is_policy=True,
)
RESET_HOURS = Setting[int](
    key="accounts.reset_hours",
    group=GROUP,
    label="重设密码的激活码几小时内有效",
    unit="小时",
    kind=SettingKind.INT,
    default=24,
    minimum=1,
    maximum=24,
    source="OWASP ASVS 5.0 V6.4.1；最长24小时",
    is_policy=True,
)
LEVEL_THREE = Setting[bool](
    key="accounts.level_three",
    group=GROUP,
    label="管理员必须用动态口令（等保三级）",
    kind=SettingKind.BOOL,
    default=False,
    source="GB/T 22239第三级8.1.4.1 d)：两种或两种以上鉴别技术；没有开启的管理员登录后先去开启",
    is_policy=True,
)
SETTINGS = (
    PROFILE,
    MIN_LENGTH,
    RENEWAL_DAYS,
    REMEMBERED,
    ACTIVATION_DAYS,
    RESET_HOURS,
    LEVEL_THREE,
)
