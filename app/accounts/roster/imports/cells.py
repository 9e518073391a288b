"""What stands in one cell of a roster: read, or refused with what to do. No database here."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from app.accounts.models import EMPLOYMENT_LABELS
from app.accounts.roster.imports.columns import (
    EMPLOYMENT_WORDS,
    GROUP_WORDS,
    ROLE_WORDS,
    RosterColumn,
    compact,
)
from app.accounts.roster.models import POST_GROUP_LABELS
from app.kernel.permissions import ROLE_LABELS, Role
from app.kernel.sheets_in import CellValue, date_of, text_of

# Control characters, foreign line ends, joiners, private and half characters.
HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cs"})
STAFF_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
NAME = re.compile(r"[^\W\d_]+(?:[·•.'’-][^\W\d_]+)*")
LATIN = re.compile(r"[A-Za-z]")
PHONE = re.compile(r"\+?\d(?:-?\d){5,17}", re.ASCII)
MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?$")
SEVERAL = re.compile(r"[、,，;；/]")
WINDOW_ENDING = re.compile(r"(号?窗口|号窗?)$")
FIRST_YEAR = 1950
LAST_YEAR = 2100

Word = TypeVar("Word")


class CellError(ValueError):
    """A cell can't be taken; the message says what is wrong and what to do."""


def read_text(value: CellValue, column: RosterColumn) -> str:
    """Read a cell as one line of text, blanks folded."""
    text = text_of(value).replace("\r\n", " ").replace("\n", " ")
    if any(unicodedata.category(c) in HIDDEN for c in text):
        raise CellError("含有看不见的字符，请删去这一格，重新输入")
    text = " ".join(text.split())
    if len(text) > column.limit:
        raise CellError(f"太长，有{len(text)}个字；请缩短到{column.limit}个字以内")
    return text


def read_staff_number(text: str) -> str:
    """Read a 工号: letters and digits."""
    number = compact(text)
    if not STAFF_NUMBER.fullmatch(number):
        if re.search(r"[\u3400-\u9fff]", number):
            raise CellError("这一格像是姓名；请核对“工号”和“姓名”两列是不是填反了")
        raise CellError("工号只用字母、数字和短横线，不写小数和符号；请改正")
    return number


def read_name(text: str) -> str:
    """Read a person's name; 张　三 padded with blanks is 张三."""
    name = text if LATIN.search(text) else text.replace(" ", "")
    if not NAME.fullmatch(name.replace(" ", "")):
        if re.search(r"\d", name):
            raise CellError("姓名里有数字；请改正，也请核对是不是和“工号”列填反了")
        raise CellError("姓名里有标点或符号；请只写姓名")
    return name


def read_window(text: str) -> str:
    """Read the number of a window: A01号窗口 is A01."""
    if SEVERAL.search(text):
        raise CellError("一格只填一个窗口；请填主要的那一个")
    number = compact(text)
    return WINDOW_ENDING.sub("", number) or number


def read_phone(text: str) -> str:
    """Read a telephone number."""
    number = compact(text).replace("－", "-").replace("—", "-")
    if not PHONE.fullmatch(number):
        raise CellError("电话只写数字，如 13800000000 或 021-12345678；请改正")
    return number


def read_day(value: CellValue) -> date:
    """Read a day in any of the usual ways of writing one."""
    if isinstance(value, str):
        value = MIDNIGHT.sub("", unicodedata.normalize("NFKC", value).strip())
    try:
        day = date_of(value)
    except ValueError as error:
        raise CellError("不是日期，或者没有这一天；请写成 2024-03-01") from error
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(f"年份不对；请写{FIRST_YEAR}年以后的日期，如 2024-03-01")
    return day


def read_word(text: str, words: Mapping[str, Word], shown: str) -> Word:
    """Read one of a few words."""
    found = words.get(compact(text))
    if found is None:
        raise CellError(f"没有这一种；请填其中一个：{shown}")
    return found


def read_employment(text: str) -> str:
    """Read 用工性质."""
    return read_word(text, EMPLOYMENT_WORDS, "、".join(EMPLOYMENT_LABELS.values())).value


def read_post_group(text: str) -> str:
    """Read 岗位类别."""
    return read_word(text, GROUP_WORDS, "、".join(POST_GROUP_LABELS.values())).value


def read_role(text: str) -> str:
    """Read a role; 三员 are accounts of their own and never come from a roster."""
    if compact(text) in {
        ROLE_LABELS[each] for each in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
    }:
        raise CellError("管理员账号不能从名单导入；请改成业务角色，或者空着")
    return read_word(text, ROLE_WORDS, "、".join(ROLE_WORDS)).value
