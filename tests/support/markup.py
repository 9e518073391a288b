"""One pass over a page's markup: what `check_page` has to know, without building a tree.

A tree of HTML costs ten times what its page costs to draw, and most pages are only checked.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

CONTROLS = frozenset({"input", "select", "textarea"})
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls")

Attributes = dict[str, str]


@dataclass
class Form:
    """A form, and the names of the controls inside of it."""

    attributes: Attributes
    names: set[str] = field(default_factory=set)


@dataclass
class Control:
    """A control or a button; `has_label_around` tells that it stands inside of a label."""

    tag: str
    attributes: Attributes
    has_label_around: bool


class Markup(HTMLParser):
    """What stands on a page, in the order of its markup."""

    def __init__(self, body: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[Control] = []
        self.forms: list[Form] = []
        self.pointers: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.titles: list[str] = []
        self.counts = dict.fromkeys(("h1", "dialog", "btn-primary"), 0)
        self._labels, self._form, self._is_title = 0, None, False
        self.feed(body)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if attributes.get("class") and "btn-primary" in attributes["class"].split():
            self.counts["btn-primary"] += 1
        for name in POINTERS:
            self.pointers += [(name, target) for target in attributes.get(name, "").split()]
        if tag in self.counts:
            self.counts[tag] += 1
        elif tag == "a":
            self.links.append(attributes.get("href", ""))
        elif tag == "title":
            self.titles.append("")
            self._is_title = True
        elif tag in {"label", "form"} | CONTROLS | {"button"}:
            self._note_form(tag, attributes)

    def _note_form(self, tag: str, attributes: Attributes) -> None:
        """Note a form or a part of one."""
        if tag == "label":
            self._labels += 1
            self.labelled.add(attributes.get("for", ""))
        elif tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        else:
            self.controls.append(Control(tag, attributes, self._labels > 0))
            if self._form is not None:
                self._form.names.add(attributes.get("name", ""))

    def handle_endtag(self, tag: str) -> None:
        """Note what closes."""
        if tag == "label":
            self._labels -= 1
        elif tag == "form":
            self._form = None
        elif tag == "title":
            self._is_title = False

    def handle_data(self, data: str) -> None:
        """Gather the text of the title."""
        if self._is_title:
            self.titles[-1] += data

    def names_of(self, form: Form) -> set[str]:
        """Give the names of a form's controls, those outside that name it included."""
        name = form.attributes.get("id")
        outside = {
            each.attributes.get("name", "")
            for each in self.controls
            if name and each.attributes.get("form") == name
        }
        return form.names | outside
