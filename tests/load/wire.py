"""A small HTTP/1.1 client on raw asyncio streams: keep-alive, cookies, every byte counted.

httpx with one client per person spends more processor time than the server that it measures.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 60.0
TOKEN = re.compile(rb'name="csrf_token"[^>]*? value="([^"]+)"')
BODILESS = frozenset({204, 304})
# What a server's end of a connection that it had closed, or was killed on, looks like from here.
CUT = (OSError, asyncio.IncompleteReadError)

Form = Iterable[tuple[str, str]]


class WireError(Exception):
    """No whole answer came; `kind` says in one word what came instead."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server said; `size` counts all its bytes, the head included."""

    status: int
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...]
    body: bytes
    size: int


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """Read one answer; raises IncompleteReadError where the server hung up, WireError on junk."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, headers, cookies = parse_head(head)
    if "content-length" not in headers and status not in BODILESS:
        raise WireError("no length")
    length = 0 if status in BODILESS else int(headers["content-length"])
    body = await reader.readexactly(length)
    return Answer(
        status=status, headers=headers, set_cookies=cookies, body=body, size=len(head) + len(body)
    )


def parse_head(head: bytes) -> tuple[int, dict[str, str], tuple[str, ...]]:
    """Take a head apart: status, headers by their names in small letters, cookies to set."""
    first, *rest = head.decode("latin-1").rstrip().split("\r\n")
    pairs = [
        (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest)
    ]
    cookies = tuple(value for name, value in pairs if name == "set-cookie")
    return int(first.split(" ", 2)[1]), dict(pairs), cookies


@dataclass
class Connection:
    """A kept connection to one server; `reopened` counts how often it broke under a request."""

    port: int
    reopened: int = 0
    # The address to come from, if not the usual one.
    source: str = ""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def exchange(self, message: bytes) -> Answer:
        """Send a request and wait for its answer; raises WireError.

        The server closes idle connections when it likes. Like a browser, a request that met such
        an end is sent once more, with the same body.
        """
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._exchange(message)
        except TimeoutError:
            self.close()
            raise WireError("timeout") from None
        except CUT as error:
            self.close()
            raise WireError(type(error).__name__) from None
        except asyncio.CancelledError:
            self.close()
            raise

    async def _exchange(self, message: bytes) -> Answer:
        if self._is_open():
            try:
                return await self._talk(message)
            except CUT:
                self.reopened += 1
        self.close()
        self._reader, self._writer = await asyncio.open_connection(
            HOST, self.port, local_addr=(self.source, 0) if self.source else None
        )
        return await self._talk(message)

    def _is_open(self) -> bool:
        return self._reader is not None and not self._reader.at_eof()

    async def _talk(self, message: bytes) -> Answer:
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(message)
        await self._writer.drain()
        answer = await read_answer(self._reader)
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            with suppress(OSError):
                self._writer.close()
        self._reader = self._writer = None


@dataclass
class Browser:
    """One person's browser: a connection, cookies, the form token of the last page."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    source: str = ""
    connection: Connection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = Connection(self.port, source=self.source)

    def twin(self) -> "Browser":
        """Give a second connection of the same browser, for what happens at the same time."""
        return Browser(self.port, dict(self.cookies), self.token, self.source)

    async def get(self, path: str, **headers: str) -> Answer:
        """Fetch an address; raises WireError."""
        return await self._send(self._head("GET", path, headers))

    async def post(self, path: str, form: Form = ()) -> Answer:
        """Send a form with the token as scripts send it; raises WireError."""
        body = urlencode(list(form)).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            "Origin": f"http://{HOST}:{self.port}",
            "Sec-Fetch-Site": "same-origin",
            "X-CSRFToken": self.token,
        }
        return await self._send(self._head("POST", path, headers) + body)

    def _head(self, method: str, path: str, headers: Mapping[str, str]) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", "Accept: */*"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += [f"Cookie: {cookies}"] if cookies else []
        return "\r\n".join([*lines, "", ""]).encode()

    async def _send(self, message: bytes) -> Answer:
        answer = await self.connection.exchange(message)
        for cookie in answer.set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = (
            TOKEN.search(answer.body) if "html" in answer.headers.get("content-type", "") else None
        )
        if found:
            self.token = unescape(found.group(1).decode())
        return answer
