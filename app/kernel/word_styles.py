"""Which of Word's styles are numbered. Runs in a child only."""

from dataclasses import dataclass, field

from app.kernel.zip_parts import Attributes, Parts, local_name

MOST_PARENTS = 20


@dataclass(kw_only=True)
class Style:
    """What a style says of numbering, and the style that it rests on."""

    number: str | None = None
    depth: int | None = None
    parent: str = ""


@dataclass(kw_only=True)
class Styles:
    """All styles of a document by their ids."""

    all: dict[str, Style] = field(default_factory=dict)
    standard: str = ""
    present: Style | None = None

    def read(self, parts: Parts, name: str) -> None:
        """Read word/styles.xml."""
        parts.parse(name, start=self.start)

    def start(self, name: str, attributes: Attributes) -> None:
        """Take note of one element."""
        name = local_name(name)
        said = {local_name(key): value for key, value in attributes.items()}
        if name == "style":
            self.present = self.all[said.get("styleId", "")] = Style()
            if said.get("default") in {"1", "true"} and said.get("type") == "paragraph":
                self.standard = said.get("styleId", "")
        elif self.present is None:
            return
        elif name == "basedOn":
            self.present.parent = said.get("val", "")
        elif name == "numId":
            self.present.number = said.get("val", "")
        elif name == "ilvl":
            depth = said.get("val", "0")
            self.present.depth = int(depth) if depth.isdecimal() else 0

    def numbering(self, style: str) -> tuple[str, int | None, str]:
        """Give list, level and the style that names the list; "" where it has none."""
        name = style or self.standard
        depth: int | None = None
        for _ in range(MOST_PARENTS):
            found = self.all.get(name)
            if found is None:
                break
            depth = found.depth if depth is None else depth
            if found.number is not None:
                return found.number, depth, name
            name = found.parent
        return "", None, ""
