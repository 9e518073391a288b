"""A page client that checks every page it fetches, and submits only forms that it found there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import cssselect2
import tinyhtml5
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.accounts import sessions
from app.kernel import db
from tests.support import cast

HTML = "{http://www.w3.org/1999/xhtml}"
CONTROLS = ("input", "select", "textarea")
UNLABELLED = {"hidden", "submit", "button"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer of the site; `tree` is there for HTML only."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: str
    data: bytes
    tree: Element | None = None

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
        assert self.tree is not None
        root = cssselect2.ElementWrapper.from_html_root(self.tree)
        return [match.etree_element for match in root.query_all(css)]

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
            tree=tinyhtml5.parse(body) if is_page else None,
        )
        assert status is None or page.status == status, f"{url}: {page.status}\n{page.text[:2000]}"
        if page.tree is not None:
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
    """Check what holds for every page of the site."""
    ids = [element.get("id") for element in page.all("[id]")]
    doubled = {each for each in ids if ids.count(each) > 1}
    assert not doubled, f"{page.url}: ids twice: {doubled}"
    for control in page.all("input, select, textarea"):
        assert is_labelled(page, control), f"{page.url}: no label: {control.attrib}"
    for form in page.all("form"):
        assert action_exists(app, form, page.url), f"{page.url}: no such action: {form.attrib}"
        is_post = form.get("method") == "post"
        names = {each.get("name") for each in controls_of(page, form)}
        assert not is_post or "csrf_token" in names, f"{page.url}: a form without token"
    for element in page.all("[aria-describedby], [aria-labelledby], [aria-controls]"):
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for target in (element.get(name) or "").split():
                assert target in ids, f"{page.url}: {name} points at no element: {target}"
    if is_whole:
        assert len(page.all("h1")) == 1, f"{page.url}: {len(page.all('h1'))} h1"
        assert len(page.all(".btn-primary")) <= 1 or page.all("dialog"), f"{page.url}: buttons"
        assert fold(text_of(page.one("title"))), f"{page.url}: no title"
    for href in page.links():
        assert path_exists(app, href, "GET"), f"{page.url}: a dead link: {href}"


def is_labelled(page: Page, control: Element) -> bool:
    """Tell whether a control has a label that a screen reader finds."""
    if control.get("type") in UNLABELLED or control.get("aria-label"):
        return True
    name = control.get("id")
    if name and page.all(f'label[for="{name}"]'):
        return True
    return any(control in list(label.iter()) for label in page.all("label"))


def action_exists(app: Flask, form: Element, url: str) -> bool:
    """Tell whether a form leads to a view."""
    return path_exists(app, form.get("action") or url, form.get("method", "get").upper())


def path_exists(app: Flask, url: str, method: str) -> bool:
    """Tell whether an address of the site has a view for a method."""
    adapter = app.url_map.bind("localhost")
    try:
        adapter.match(urlsplit(url).path, method=method)
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
