"""Writes app/accounts/common_passwords.txt. `python -m tests.support.common_passwords`

No leaked list is copied: words and habits that published rankings of stolen passwords agree on are
combined here, so that everybody can see where each line comes from.
"""

from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).parents[2] / "app" / "accounts" / "common_passwords.txt"
HEAD = """\
# Common passwords, folded to lower case; one that equals a line is refused (app/accounts/policy.py).
# Generated, not copied from a leak: tests/support/common_passwords.py combines the words, Chinese
# habits (5201314, woaini, qq, surnames with birthdays of years) and keyboard walks that published
# rankings of stolen passwords have in common with the endings that people add to them.
"""
LEAST = 6
# English words at the top of every ranking.
WORDS = (
    "password passw0rd p@ssw0rd p@ssword pa55word admin administrator root user guest test welcome "
    "letmein login master hello monkey dragon iloveyou sunshine princess football baseball superman "
    "batman shadow michael jordan ashley bailey charlie donald freedom whatever trustno1 starwars "
    "computer internet windows office system server oracle manager default changeme secret qwerty "
    "qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qweasd qweasdzxc 1qaz2wsx 1q2w3e 1q2w3e4r "
    "1q2w3e4r5t q1w2e3r4 zaq12wsx qwer1234 asdf1234 abc123 abcd1234 a123456 aa123456 abc123456"
)
# What is typed in Chinese offices: love by sound, luck by number, the trade's own words.
HABITS = (
    "woaini woaini1314 woaini520 woaini521 wozaina woshishui woshini aini1314 ainiyiwannian "
    "woaiwojia woaimama woaibaba wodemima mima mima123 nihao nihao123 zhongguo china beijing "
    "shanghai guangzhou shenzhen tianjin chongqing baoshan chengdu hangzhou nanjing wuhan xian "
    "zhengwu zhengwufuwu zwfw zwfwzx fuwuzhongxin fuwudating chuangkou qinglian lianzheng "
    "qinglianchuangkou banshi bangban dating renshe gongan shuiwu minzheng yibao gongshang "
    "caiwu bangongshi zhongxin xingzheng guanliyuan xitong tianya taobao wangyi tencent weixin "
    "qq123456 qaz123 asd123 zxc123 qwe123 iloveu caonima laopo laogong baobei tiantian kuaile "
    "facai gongxifacai shunli pingan jixiang ruyi fulushou dangyuan renmin weirenmin"
)
SURNAMES = (
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang "
    "xie song tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei"
)
ENDINGS = (
    "", "1", "12", "123", "1234", "12345", "123456", "520", "521", "666", "888", "1314", "000",
    "111", "001", "01", "@123", "@1234", "123!", "2020", "2021", "2022", "2023", "2024", "2025",
    "2026", "@2023", "@2024", "@2025", "@2026",
)  # fmt: skip
NAME_ENDINGS = (
    "123", "1234", "123456", "520", "1314", "@123", "888", "666", "2025", "2026",
)  # fmt: skip
NUMBERS = (
    "123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "9876543210",
    "987654321", "87654321", "7654321", "654321", "5201314", "1314520", "7758521", "7758258",
    "147258369", "159357", "147852369", "741852963", "123123", "123123123", "112233", "11223344",
    "121212", "123321", "1234321", "666888", "888666", "168168", "518518", "13145200", "110110",
    "12301230", "102030", "100200300", "123654", "123698745", "789456123", "456789", "159753",
    "31415926", "314159265", "1357924680", "2468013579",
)  # fmt: skip
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")


def words() -> Iterator[str]:
    for word in (*WORDS.split(), *HABITS.split()):
        for ending in ENDINGS:
            yield word + ending
    for name in SURNAMES.split():
        for ending in NAME_ENDINGS:
            yield name + ending


def numbers() -> Iterator[str]:
    yield from NUMBERS
    for digit in "0123456789":
        for length in range(LEAST, 13):
            yield digit * length
    for year in range(1960, 2027):
        yield f"{year}{year}"
        yield f"{year}0101"


def walks() -> Iterator[str]:
    for row in ROWS:
        for start in range(len(row) - LEAST + 1):
            for end in range(start + LEAST, len(row) + 1):
                yield row[start:end]
                yield row[start:end][::-1]
    for letter in "abcqwxz":
        for number in NUMBERS[:12]:
            yield letter + number
            yield number + letter
            yield letter * 3 + number


def lines() -> list[str]:
    found = {each.casefold() for group in (words(), numbers(), walks()) for each in group}
    return sorted(each for each in found if len(each) >= LEAST)


def page() -> str:
    return HEAD + "".join(f"{line}\n" for line in lines())


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
