"""Phrases that must stand exactly as they are set, and texts in which one is off by a character.

"Set phrases exactly as in the plans": who writes 首问责任制 has not remembered what he tests.
"""

import re
import unicodedata
from collections.abc import Iterator

# From the two plans and the words of the hall; each is long enough for one wrong character to show.
FIXED = (
    "全面从严治党",
    "习近平新时代中国特色社会主义思想",
    "两集中两到位",
    "一网通办",
    "一件事一次办",
    "首问负责制",
    "一次性告知",
    "限时办结",
    "应进必进",
    "党员示范岗",
    "智慧好办",
    "全程网办",
    "跨省通办",
    "免申即享",
    "一月一考",
    "师徒结对",
    "三大课堂",
    "优化营商环境",
)
# What differs from a set phrase by one character and is another phrase of its own.
OTHERS = frozenset({
    "一类事一次办", "全程代办", "全程帮办", "跨域通办", "跨区通办", "按时办结", "及时办结",
    "三个课堂",
})  # fmt: skip
# What is often written in place of a set phrase, and is off by more than one character.
CONFUSED = (("首问责任制", "首问负责制"), ("一次告知性", "一次性告知"))
# What never stands without the rest of its phrase: the fragment, and the whole.
WHOLES = (("新时代中国特色社会主义思想", "习近平新时代中国特色社会主义思想"),)
HAN = "[一-鿿]"


def pattern_of(phrase: str) -> re.Pattern[str]:
    """Find each place where a phrase stands with any one Chinese character in the place of one."""
    ways = [f"{phrase[:place]}{HAN}{phrase[place + 1 :]}" for place in range(len(phrase))]
    # Looked ahead for, so that places may overlap.
    return re.compile(f"(?=({'|'.join(ways)}))")


PATTERNS = {phrase: pattern_of(phrase) for phrase in FIXED}


def find_wrong(text: str) -> Iterator[tuple[str, str]]:
    """Give (as written, as set) for each set phrase that is one character off or is cut short."""
    folded = unicodedata.normalize("NFKC", text)
    for phrase, pattern in PATTERNS.items():
        for found in pattern.finditer(folded):
            if found[1] != phrase and found[1] not in OTHERS:
                yield found[1], phrase
    for written, phrase in CONFUSED:
        if written in folded:
            yield written, phrase
    for fragment, whole in WHOLES:
        if folded.count(fragment) > folded.count(whole):
            yield fragment, whole
