"""An act on the site: who, on what, with which form filled in how."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Move:
    """An act. `page` is the endpoint whose page shows its form; without one the data is all.

    `texts` names the fields in which a person writes freely.
    """

    who: str
    name: str = ""
    page: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    status: int = 303
    # Fields whose value the world made: field -> (object, key).
    made: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Upload(io.BytesIO):
    """A file that can be sent again and again: at its end it begins anew."""

    def __init__(self, content: bytes, name: str = "名单.xlsx") -> None:
        super().__init__(content)
        self.name = name

    def read(self, size: int | None = -1) -> bytes:
        """Read on, or begin anew."""
        found = super().read(size)
        if not found:
            self.seek(0)
        return found

    def close(self) -> None:
        """Stay open for the next act."""
