"""What the office may set about questions: how long a sheet of them may wait for its review."""

from app.kernel.setting import Setting, SettingKind

REVIEW_DAYS = Setting[int](
    key="questions.review_days",
    group="题库",
    label="题目送审单的审核",
    unit="个工作日",
    kind=SettingKind.INT,
    default=5,
    minimum=1,
    maximum=60,
    source="大厅惯例",
    is_unconfirmed=True,
)
SETTINGS = (REVIEW_DAYS,)
