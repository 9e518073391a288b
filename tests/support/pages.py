"""A page client that checks every page it fetches, and submits only forms that it found there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import Element

import cssselect2
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.accounts import sessions
from app.kernel import db
from tests.support import cast
from tests.support.markup import Control, Markup
from tests.support.trees import HTML, TreeMaker

CONTROLS = ("input", "select", "textarea")
UNLABELLED = {"hidden", "submit", "button"}
# As forms carry it: what was signed, when, and the signature.
TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}")

# Pages that were found to be sound, and the addresses of each site.
_sound: set[tuple[int, bool, str, str]] = set()
_routes: WeakKeyDictionary[Flask, int] = WeakKeyDictionary()
_paths: WeakKeyDictionary[Flask, dict[tuple[str, str], bool]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer of the site; `tree` is there for HTML only, and made for whoever looks at it."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: str
    data: bytes
    is_html: bool = False

    @cached_property
    def tree(self) -> Element | None:
        """The tree that a browser makes of it."""
        return TreeMaker(self.body).root if self.is_html else None

    @cached_property
    def root(self) -> cssselect2.ElementWrapper:
        """The tree, ready to be searched."""
        assert self.tree is not None
        return cssselect2.ElementWrapper.from_html_root(self.tree)

    @property
    def location(self) -> str:
        """Where a redirect leads, as a path."""
        parts = urlsplit(self.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def text(self) -> str:
        """The text that a person reads, blanks folded."""
        return fold(text_of(self.tree)) if self.tree is not None else self.body

    def all(self, css: str) -> list[Element]:
        """Find elements by a CSS selector."""
        return [match.etree_element for match in self.root.query_all(css)]

    def one(self, css: str) -> Element:
        """Find the only element for a selector."""
        found = self.all(css)
        assert len(found) == 1, f"{len(found)} elements for {css} on {self.url}"
        return found[0]

    def text_of(self, css: str) -> str:
        """Give the text of the only element for a selector."""
        return fold(text_of(self.one(css)))

    def links(self) -> list[str]:
        """Give the addresses of all links into the site."""
        found = (element.get("href", "") for element in self.all("a"))
        return [href for href in found if href.startswith("/")]


@dataclass
class Browser:
    """Somebody's browser: a test client with his session."""

    app: Flask
    client: FlaskClient
    who: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, *, status: int = 200, fragment: bool = False) -> Page:
        """Fetch an address; HTML is checked as a whole page or as a fragment."""
        headers = {**self.headers, **({"HX-Request": "true"} if fragment else {})}
        return self._page(url, self.client.get(url, headers=headers), status, fragment=fragment)

    def post(
        self,
        url: str,
        data: Mapping[str, Any] | None = None,
        *,
        status: int | None = 303,
        fragment: bool = False,
        **headers: str,
    ) -> Page:
        """Send a form that stands on no page; for refusals. `submit` is the usual way."""
        sent = {**self.headers, **({"HX-Request": "true"} if fragment else {})}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self._page(
            url, self.client.post(url, data=data or {}, headers=sent), status, fragment=fragment
        )

    def submit(
        self,
        page: Page,
        values: Mapping[str, Any] | None = None,
        *,
        form: str = "form[method=post]:not([action$=sign-out])",
        button: str | None = None,
        status: int = 303,
        fragment: bool = False,
    ) -> Page:
        """Submit a form found on a page, with some of its fields changed.

        `form` is a CSS selector, `button` the name of the pressed button. A value may be a list;
        None takes the field out. A field that the form does not have is refused.
        """
        element = page.one(form)
        data = fields_of(page, element)
        for name, value in (values or {}).items():
            known = {each.get("name") for each in controls_of(page, element)}
            assert name in known, f"the form on {page.url} has no field {name}"
            data.poplist(name)
            if value is not None:
                data.setlist(name, value if isinstance(value, list) else [str(value)])
        if button:
            pressed = [
                b for b in controls_of(page, element, ("button",)) if b.get("name") == button
            ]
            assert pressed, f"the form on {page.url} has no button {button}"
            data.setlist(button, [pressed[0].get("value", "")])
        url = element.get("action") or page.url
        sent = {**self.headers, **({"HX-Request": "true"} if fragment else {})}
        method = element.get("method", "get")
        where = {"query_string" if method == "get" else "data": data}
        answer = self.client.open(url, method=method.upper(), headers=sent, **where)
        return self._page(url, answer, status, fragment=fragment)

    def follow(self, page: Page, *, status: int = 200) -> Page:
        """Go where a redirect leads."""
        return self.get(page.location, status=status)

    def token(self) -> str:
        """Give a CSRF token of this session."""
        page = self.get("/" if self.who else "/sign-in")
        return page.all("input[name=csrf_token]")[0].get("value", "")

    def look_at(self, url: str, answer: TestResponse) -> Page:
        """Check an answer that is there already as a whole page, whatever its status."""
        return self._page(url, answer, None, fragment=False)

    def _page(self, url: str, answer: TestResponse, status: int | None, *, fragment: bool) -> Page:
        is_html = answer.content_type.startswith("text/html")
        body = answer.get_data(as_text=True) if "text" in answer.content_type else ""
        if "json" in answer.content_type:
            body = answer.get_data(as_text=True)
        is_page = is_html and not 300 <= answer.status_code < 400 and bool(body)
        page = Page(
            url=url,
            status=answer.status_code,
            headers=answer.headers,
            body=body,
            data=answer.get_data(),
            is_html=is_page,
        )
        assert status is None or page.status == status, f"{url}: {page.status}\n{page.text[:2000]}"
        if is_page:
            is_whole = "<html" in body
            assert not (fragment and page.status == 200 and is_whole), f"{url}: a page as fragment"
            check_page(self.app, page, is_whole=is_whole)
        return page


def sign_in(app: Flask, who: str | None) -> Browser:
    """Give a browser with a session of a member of the cast, or with none."""
    client = app.test_client()
    if who is not None:
        with app.app_context():
            account = cast.account(who)
            with db.write():
                signed = sessions.begin_session(account)
        with client.session_transaction() as session:
            session["_user_id"] = signed.token
    return Browser(app=app, client=client, who=who)


def check_page(app: Flask, page: Page, *, is_whole: bool) -> None:
    """Check what holds for every page of the site; one that was found sound once is known.

    Tokens differ each time and say nothing about the page.
    """
    key = (routes_of(app), is_whole, TOKEN.sub("", page.body), urlsplit(page.url).path)
    if key in _sound:
        return
    markup = Markup(page.body)
    check_names(page.url, markup)
    check_forms(app, page.url, markup)
    if is_whole:
        check_whole(page.url, markup)
    for href in markup.links:
        is_ours = href.startswith("/")
        assert not is_ours or path_exists(app, href, "GET"), f"{page.url}: a dead link: {href}"
    _sound.add(key)


def routes_of(app: Flask) -> int:
    """Tell sites with the same addresses from others: the engine behind makes no difference."""
    if app not in _routes:
        _routes[app] = hash(
            tuple(sorted(f"{r.rule} {r.methods}" for r in app.url_map.iter_rules()))
        )
    return _routes[app]


def check_names(url: str, markup: Markup) -> None:
    """Check that ids are unique, that what points at one finds it, and that controls have labels."""
    ids = set(markup.ids)
    doubled = (
        {each for each in ids if markup.ids.count(each) > 1} if len(ids) < len(markup.ids) else ()
    )
    assert not doubled, f"{url}: ids twice: {doubled}"
    for name, target in markup.pointers:
        assert target in ids, f"{url}: {name} points at no element: {target}"
    for control in markup.controls:
        is_free = control.tag == "button" or is_labelled(markup, control)
        assert is_free, f"{url}: no label: {control.attributes}"


def check_forms(app: Flask, url: str, markup: Markup) -> None:
    """Check that every form leads to a view, and carries a token where it writes."""
    for form in markup.forms:
        action, method = form.attributes.get("action") or url, form.attributes.get("method", "get")
        is_there = path_exists(app, action, method.upper())
        assert is_there, f"{url}: no such action: {form.attributes}"
        is_post = method == "post"
        assert not is_post or "csrf_token" in markup.names_of(form), f"{url}: a form without token"


def check_whole(url: str, markup: Markup) -> None:
    """Check what holds for a page that is no fragment."""
    counts = markup.counts
    assert counts["h1"] == 1, f"{url}: {counts['h1']} h1"
    assert counts["btn-primary"] <= 1 or counts["dialog"], f"{url}: buttons"
    assert len(markup.titles) == 1, f"{url}: titles: {markup.titles}"
    assert fold(markup.titles[0]), f"{url}: no title"


def is_labelled(markup: Markup, control: Control) -> bool:
    """Tell whether a control has a label that a screen reader finds."""
    given = control.attributes
    if given.get("type") in UNLABELLED or given.get("aria-label") or control.has_label_around:
        return True
    return bool(given.get("id")) and given["id"] in markup.labelled


def path_exists(app: Flask, url: str, method: str) -> bool:
    """Tell whether an address of the site has a view for a method."""
    known = _paths.setdefault(app, {})
    path = urlsplit(url).path
    if (path, method) not in known:
        known[path, method] = is_routed(app, path, method)
    return known[path, method]


def is_routed(app: Flask, path: str, method: str) -> bool:
    """Ask the map of routes."""
    try:
        app.url_map.bind("localhost").match(path, method=method)
    except HTTPException as error:
        return error.code is not None and error.code < 400
    return True


def controls_of(
    page: Page, form: Element, names: Iterable[str] = (*CONTROLS, "button")
) -> list[Element]:
    """Give the controls of a form, those outside that name it included."""
    inside = [each for each in form.iter() if each.tag.removeprefix(HTML) in names]
    name = form.get("id")
    outside = page.all(", ".join(f'{each}[form="{name}"]' for each in names)) if name else []
    return inside + [each for each in outside if each not in inside]


def fields_of(page: Page, form: Element) -> MultiDict[str, str]:
    """Give what a browser would send of a form, without buttons."""
    data: MultiDict[str, str] = MultiDict()
    for control in controls_of(page, form, CONTROLS):
        name, kind = control.get("name"), control.get("type", "")
        if not name or control.get("disabled") is not None or kind == "submit":
            continue
        if kind in {"checkbox", "radio"} and control.get("checked") is None:
            continue
        tag = control.tag.removeprefix(HTML)
        if tag == "textarea":
            data.add(name, (control.text or "").removeprefix("\n"))
        elif tag == "select":
            options = list(control.iter(f"{HTML}option"))
            chosen = [each for each in options if each.get("selected") is not None] or options[:1]
            for option in chosen:
                data.add(name, option.get("value", option.text or ""))
        else:
            data.add(name, control.get("value", "on" if kind == "checkbox" else ""))
    return data


def text_of(element: Element) -> str:
    """Give all text of an element, scripts and styles left out."""
    if element.tag in {f"{HTML}script", f"{HTML}style", f"{HTML}template"}:
        return ""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def fold(text: str) -> str:
    """Fold blanks."""
    return re.sub(r"\s+", " ", text).strip()
