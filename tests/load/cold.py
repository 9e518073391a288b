"""What a browser with an empty cache receives for one page: the page, styles, scripts, heads."""

import asyncio
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from tests.load.wire import Answer, Browser

FROM_HTML = re.compile(r'<(?:link|script|img|source)\b[^>]*?\b(?:href|src)="(/[^"#]+)"')
FROM_SCRIPT = re.compile(r"""\b(?:from|import)\s*\(?\s*['"](\.{0,2}/[^'"]+)['"]""")
FROM_STYLE = re.compile(r"""(?:@import\s+|url\()\s*['"]?([^'")\s]+)""")


class ColdPageError(Exception):
    """A part of a page did not come."""


@dataclass(frozen=True, kw_only=True)
class Cold:
    """The bytes of one cold page. `packed` is what a front proxy that compresses would leave."""

    path: str
    requests: int
    received: int
    page: int
    packed: int


def measure(port: int, cookies: dict[str, str], path: str) -> Cold:
    """Load a page as a browser with an empty cache does."""
    return asyncio.run(load(Browser(port, cookies), path))


async def load(browser: Browser, path: str) -> Cold:
    """Fetch a page and, from file to file, everything that it names."""
    waiting, answers = [path], {}
    while waiting:
        each = waiting.pop()
        if each not in answers:
            answers[each] = await fetch(browser, each)
            waiting += named_in(each, answers[each])
    page = answers[path]
    received = sum(answer.size for answer in answers.values())
    saved = len(page.body) - len(gzip.compress(page.body, 6))
    return Cold(
        path=path,
        requests=len(answers),
        received=received,
        page=page.size,
        packed=received - (saved if "content-encoding" not in page.headers else 0),
    )


async def fetch(browser: Browser, path: str) -> Answer:
    """Fetch one part; raises ColdPageError."""
    answer = await browser.get(path, Accept_Encoding="gzip")
    if answer.status != 200:
        raise ColdPageError(f"{path}: {answer.status}")
    return answer


def named_in(path: str, answer: Answer) -> Iterator[str]:
    """Give the addresses that a file makes a browser fetch."""
    kind = answer.headers["content-type"].partition(";")[0]
    pattern = {"text/html": FROM_HTML, "text/css": FROM_STYLE, "text/javascript": FROM_SCRIPT}.get(
        kind
    )
    for found in pattern.findall(text_of(answer)) if pattern else ():
        if not found.startswith("data:"):
            yield urljoin(path, found)


def text_of(answer: Answer) -> str:
    """Give the text of a file, unpacked."""
    is_packed = answer.headers.get("content-encoding") == "gzip"
    return (gzip.decompress(answer.body) if is_packed else answer.body).decode()
