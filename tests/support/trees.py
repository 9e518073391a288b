"""The tree of a page as a browser makes it, for pages that close what they open.

Our templates do, and a page that does not is refused here. A parser that mends everything costs ten
times as much, and would hide it.
"""

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
TEXTAREA = f"{HTML}textarea"
# Elements that have no end.
VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    }
)  # fmt: skip


class TreeMaker(HTMLParser):
    """Builds the tree; raises AssertionError for what is not closed in order."""

    def __init__(self, body: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element(f"{HTML}html")
        self._open = [self.root]
        is_whole = "<html" in body
        if not is_whole:
            SubElement(self.root, f"{HTML}head")
            self._open.append(SubElement(self.root, f"{HTML}body"))
        self._outer = len(self._open)
        self.feed(body)
        self.close()
        left = [each.tag.rpartition("}")[2] for each in self._open[self._outer :]]
        assert not left, f"never closed: {left}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if self._add(tag, attrs) is not None and tag not in VOID:
            self._open.append(self._open[-1][-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Put an element that closes itself."""
        self._add(tag, attrs)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element | None:
        """Put an element into the one that is open; the root is there already."""
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "html":
            self.root.attrib.update(given)
            return None
        parent = self._open[-1]
        is_drawn = tag == "svg" or parent.tag.startswith(SVG)
        return SubElement(parent, f"{SVG if is_drawn else HTML}{tag}", given)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, which must be the last that was opened."""
        if tag == "html" or tag in VOID:
            return
        last = self._open[-1].tag.rpartition("}")[2]
        assert len(self._open) > self._outer, f"</{tag}> closes nothing"
        assert last == tag, f"</{tag}> closes <{last}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Put text behind whatever stands last."""
        parent = self._open[-1]
        if parent.tag == TEXTAREA and not parent.text:
            # As HTML has it: a line end right behind the tag is not part of the text.
            data = data.removeprefix("\r\n") if data.startswith("\r") else data.removeprefix("\n")
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data
