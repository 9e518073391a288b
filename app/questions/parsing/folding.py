"""One width for all characters, for finding structure only.

"Full-width and half-width folded": folded text is as long as the text, so that a place found in
the one is a place in the other, and stems and options stay as they were typed.
"""

import re

_LOOKALIKES = {
    " \u3000\u00a0\u202f\u2002\u2003\u2009\u2005": " ",
    "(（﹙": "(",
    ")）﹚": ")",
    "[【〔〖［": "[",
    "]】〕〗］": "]",
    "~～〜∼": "~",
    "-—–－―−‐‑": "-",
    "√✓✔☑": "√",
    "×✗✘✕╳☒✖": "×",
    ".．﹒": ".",
    ":：﹕∶": ":",
}
_TABLE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TABLE |= {ord(each): one for many, one in _LOOKALIKES.items() for each in many}

_UNSEEN = re.compile("[\u0000-\u0008\u000e-\u001f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def fold(text: str) -> str:
    """Give the text with one form of each mark, letter and digit; its length is the same."""
    return text.translate(_TABLE)


def tidy(text: str) -> str:
    """Take out what nobody sees: control characters and spaces without width."""
    return _UNSEEN.sub("", text)


def squeeze(text: str) -> str:
    """Give the folded text without any blanks, for comparing."""
    return "".join(fold(text).split())
