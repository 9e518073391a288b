"""What holds for every style sheet, script and template, read as text: no server, no browser.

Office machines run Chromium 86, and the site's Content-Security-Policy allows nothing inline. Both
fail silently on the machine of somebody else, so this file refuses what would not work there.
Rules for templates that become PDF are looser: they never reach a browser.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = ROOT / "templates"
HTMX_SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
CSS_BUDGET = 13 * 1024  # A page links the shared 8 KB and at most one sheet of its own.

# Chromium 86 throws away the whole rule, or the declaration, that holds one of these.
CSS_TOO_NEW = {
    "functional selector": r":(?:has|is|where)\(",
    ":not() with more than a simple selector": r":not\([^)]*[\s,>+~]",
    "selector newer than 86": r":(?:user-(?:in)?valid|modal|autofill)\b|::file-selector-button",
    "at-rule newer than 86": r"@(?:layer|container|scope|starting-style|property)\b",
    "range in a media query": r"@media[^{]*[<>]",
    "colour function newer than 86": r"\b(?:oklch|oklab|lch|lab|color|color-mix|light-dark)\(",
    "shorthand newer than 86": r"(?<![\w-])(?:inset|(?:margin|padding|inset)-(?:inline|block))\s*:",
    "property newer than 86": r"(?<![\w-])(?:aspect-ratio|translate|rotate|scale|accent-color)\s*:",
    "unit newer than 86": r"\d(?:dvh|svh|lvh|dvw|svw|lvw|cqw|cqh)\b",
    "nesting": r"&",
}
JS_TOO_NEW = {
    "array method newer than 86": r"\.(?:at|findLast(?:Index)?|to(?:Sorted|Reversed|Spliced))\(",
    "object method newer than 86": r"\bObject\.(?:hasOwn|groupBy)\b",
    "function newer than 86": r"\bstructuredClone\b|\brandomUUID\b",
    "static block": r"\bstatic\s*\{",
    "inert": r"\.inert\b|['\"]inert['\"]",
    "AbortSignal newer than 86": r"\bAbortSignal\.(?:timeout|any)\b",
    "await at the top of a module": r"(?m)^(?:(?:const|let)\b.*=\s*)?await\b",
    "element method newer than 86": r"\.(?:checkVisibility|showPicker|setHTML|\w+Popover)\(",
    "import map or attributes": r"importmap|\bimport\b[^;]*\b(?:with|assert)\s*\{",
    "evaluated text": r"\beval\(|\bnew Function\b|\bdocument\.write\b",
    "inline style or handler": r"setAttribute\(['\"](?:style|on)",
}
# The policy kills these without a word; some of them also open a door.
TEMPLATE_INLINE = {
    "inline style": r"(?<![\w-])style\s*=\s*[\"']|[\"']style[\"']\s*:",
    "style element": r"<style\b",
    "script without a source": r"<script\b(?![^>]*\bsrc=)",
    "inline handler": r"<[a-zA-Z][^<>]*\son[a-z]+\s*=|[\"']on[a-z]+[\"']\s*:",
    "javascript address": r"javascript:",
}
TEMPLATE_HTMX = {
    "hx-on": r"hx-on\b",
    "hx-vars": r"hx-vars\b",
    "computed value": r"hx-[a-z]+\s*=\s*[\"']\s*js:",
    "trigger filter, which htmx ignores without eval": r"hx-trigger\s*=\s*([\"'])(?:(?!\1).)*\[",
    "hx-boost": r"hx-boost\b",
}
TEMPLATE_ESCAPE = {
    "safe filter": r"\|\s*safe\b",
    "autoescape off": r"autoescape\s+false",
}


def faults_in(text: str, rules: dict[str, str]) -> list[str]:
    """Name each rule that the text breaks, with the piece that breaks it."""
    found = [(name, re.search(pattern, text)) for name, pattern in rules.items()]
    return [f"{name}: {match[0].strip()[-60:]}" for name, match in found if match]


def css_of(path: Path) -> str:
    """Return a style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def js_of(path: Path) -> str:
    """Return a script without its comments; a // inside an address stays."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"(?m)(?<!:)//.*$", "", text)


def template_of(path: Path) -> str:
    """Return a template without its comments, which may name what they forbid."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def own_files(suffix: str) -> list[Path]:
    """List our own static files with this suffix, vendored ones left out."""
    return sorted(path for path in STATIC.rglob(f"*{suffix}") if VENDOR not in path.parents)


def name_of(path: Path) -> str:
    """Return the name of a test's case."""
    return str(path.relative_to(ROOT))


STYLES = own_files(".css")
SITE_STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = own_files(".js")
PAGES = sorted(TEMPLATES.rglob("*.html"))
BROWSER_PAGES = [path for path in PAGES if "pdf" not in path.relative_to(TEMPLATES).parts]


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_style_sheet_runs_on_chromium_86(path: Path) -> None:
    assert faults_in(css_of(path), CSS_TOO_NEW) == []


def nested_rules(css: str) -> list[str]:
    """Return the preludes of rules that stand inside another rule."""
    nodes: list[Any] = tinycss2.parse_stylesheet(css, skip_whitespace=True, skip_comments=True)
    found = []
    while nodes:
        node = nodes.pop()
        if (
            node.type == "at-rule"
            and node.content
            and node.lower_at_keyword in {"media", "supports"}
        ):
            nodes += tinycss2.parse_rule_list(
                node.content, skip_whitespace=True, skip_comments=True
            )
        elif node.type == "qualified-rule" and any(
            part.type == "{} block" for part in node.content
        ):
            found.append(tinycss2.serialize(node.prelude).strip())
    return found


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_style_sheet_nests_no_rule(path: Path) -> None:
    assert nested_rules(css_of(path)) == []


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_style_sheet_parses_without_an_error(path: Path) -> None:
    rules = tinycss2.parse_stylesheet(css_of(path))
    assert [rule.message for rule in rules if rule.type == "error"] == []


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_style_sheet_loads_nothing(path: Path) -> None:
    assert re.findall(r"@import|url\((?!['\"]?data:)", css_of(path)) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_script_runs_on_chromium_86_under_the_policy(path: Path) -> None:
    assert faults_in(js_of(path), JS_TOO_NEW) == []


def test_template_has_nothing_inline() -> None:
    assert templates_with(TEMPLATE_INLINE, BROWSER_PAGES) == {}


def test_template_uses_htmx_without_eval_and_escapes_everything() -> None:
    assert templates_with(TEMPLATE_HTMX | TEMPLATE_ESCAPE, PAGES) == {}


def templates_with(rules: dict[str, str], paths: list[Path]) -> dict[str, list[str]]:
    """Give the templates that break a rule, each with its faults."""
    found = {name_of(path): faults_in(template_of(path), rules) for path in paths}
    return {name: faults for name, faults in found.items() if faults}


@pytest.mark.parametrize("path", sorted((TEMPLATES / "_macros").glob("*.html")), ids=name_of)
def test_macro_file_opens_with_its_docstring(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{#\n")


@pytest.mark.parametrize(
    ("rules", "bad"),
    [
        (CSS_TOO_NEW, "a:is(.b) {}"),
        (CSS_TOO_NEW, ".card:has(p) {}"),
        (CSS_TOO_NEW, "p:not(.a .b) {}"),
        (CSS_TOO_NEW, "@layer base {}"),
        (CSS_TOO_NEW, "@media (width <= 900px) {}"),
        (CSS_TOO_NEW, "p { color: color-mix(in srgb, red, blue) }"),
        (CSS_TOO_NEW, "p { inset: 0 }"),
        (CSS_TOO_NEW, "p { margin-inline: 4px }"),
        (CSS_TOO_NEW, "p { height: 100dvh }"),
        (CSS_TOO_NEW, "p { &:hover {} }"),
        (JS_TOO_NEW, "list.at(-1)"),
        (JS_TOO_NEW, "structuredClone(a)"),
        (JS_TOO_NEW, "class A { static { b() } }"),
        (JS_TOO_NEW, "const a = await b();"),
        (JS_TOO_NEW, "main.inert = true"),
        (JS_TOO_NEW, "eval('1')"),
        (TEMPLATE_INLINE, '<p style="width: 3px">'),
        (TEMPLATE_INLINE, "{'style': 'x'}"),
        (TEMPLATE_INLINE, '<button type="button"\n onclick="go()">'),
        (TEMPLATE_INLINE, "<script>go()</script>"),
        (TEMPLATE_INLINE, "<style>"),
        (TEMPLATE_INLINE, '<a href="javascript:go()">'),
        (TEMPLATE_HTMX, '<p hx-on:click="go()">'),
        (TEMPLATE_HTMX, "<p hx-vals='js:{a: 1}'>"),
        (TEMPLATE_HTMX, '<p hx-trigger="click[ctrlKey]">'),
        (TEMPLATE_HTMX, '<body hx-boost="true">'),
        (TEMPLATE_ESCAPE, "{{ text | safe }}"),
        (TEMPLATE_ESCAPE, "{% autoescape false %}"),
    ],
)
def test_rules_catch_what_they_are_for(rules: dict[str, str], bad: str) -> None:
    assert faults_in(bad, rules)


@pytest.mark.parametrize(
    "good",
    [
        "p:not(.a) { left: 0 }",
        "@media screen and (max-width: 900px) {}",
        ".a > .b { scroll-margin-top: 1px }",
    ],
)
def test_rules_let_plain_css_pass(good: str) -> None:
    assert faults_in(good, CSS_TOO_NEW) == []


def test_nested_rule_is_seen_also_inside_a_media_query() -> None:
    assert nested_rules(".a { .b { top: 0 } } @media print { .c { .d { top: 0 } } }") == [
        ".c",
        ".a",
    ]


def test_style_sheets_stay_light() -> None:
    assert sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in SITE_STYLES) <= CSS_BUDGET


# ---------- vendored files


def manifest_files() -> dict[str, str]:
    """Return the SHA-256 of each vendored file by its path below static/vendor."""
    manifest = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))
    return {
        name: digest
        for package in manifest["packages"]
        for name, digest in package["files"].items()
    }


def test_vendored_files_are_those_of_the_manifest() -> None:
    present = {
        path for path in VENDOR.rglob("*") if path.is_file() and path.name != "MANIFEST.json"
    }
    digests = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in present
    }
    assert digests == manifest_files()


def test_htmx_is_the_version_that_runs_on_office_machines() -> None:
    assert manifest_files()["htmx-2.0.11/htmx.min.js"] == HTMX_SHA256


def test_manifest_says_where_each_package_comes_from() -> None:
    for package in json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))["packages"]:
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"])
        assert package["name"]
        assert package["licence"]
        assert all(package["version"] in name for name in package["files"])
        assert any(name.endswith("/LICENSE") for name in package["files"])


# ---------- colours


def tokens() -> dict[str, dict[str, str]]:
    """Return the custom properties of both themes; dark keeps those that it does not change."""
    css = css_of(STATIC / "css" / "tokens.css")
    light, dark = re.findall(r":root[^{]*\{([^}]*)\}", css)
    themes = [dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block)) for block in (light, dark)]
    return {"light": themes[0], "dark": themes[0] | themes[1]}


def luminance(colour: str) -> float:
    """Return the relative luminance of #rgb or #rrggbb (WCAG 2.1)."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    *[
        ("ink", ground)
        for ground in ("bg", "surface", "soft", "blue-soft", "red-soft", "amber-soft", "green-soft")
    ],
    *[("ink-2", ground) for ground in ("bg", "surface", "soft")],
    *[("blue", ground) for ground in ("bg", "surface")],
    *[("blue-ink", ground) for ground in ("surface", "soft", "blue-soft")],
    *[
        (word, ground)
        for word in ("red", "amber", "green")
        for ground in ("surface", f"{word}-soft")
    ],
    *[("on-blue", ground) for ground in ("blue", "blue-ink")],
    *[(word, "top") for word in ("on-top", "on-top-2")],
]
SHAPE_PAIRS = [
    *[("line-2", ground) for ground in ("surface", "bg")],
    *[("focus", ground) for ground in ("surface", "bg")],
    ("focus-top", "top"),
    ("teal", "surface"),
    ("top-line", "top"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), TEXT_PAIRS)
def test_text_can_be_read(theme: str, word: str, ground: str) -> None:
    colours = tokens()[theme]
    assert contrast(colours[f"--{word}"], colours[f"--{ground}"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_controls_and_focus_can_be_seen(theme: str, shape: str, ground: str) -> None:
    colours = tokens()[theme]
    assert contrast(colours[f"--{shape}"], colours[f"--{ground}"]) >= 3


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_every_custom_property_that_is_used_is_defined() -> None:
    used = {name for path in STYLES for name in re.findall(r"var\((--[\w-]+)", css_of(path))}
    defined = {name for path in STYLES for name in re.findall(r"(--[\w-]+)\s*:", css_of(path))}
    assert used - defined == set()


def test_every_token_is_used() -> None:
    used = {name for path in STYLES for name in re.findall(r"var\((--[\w-]+)", css_of(path))}
    assert set(tokens()["light"]) - used == set()


def colours_in(path: Path) -> Iterator[str]:
    """Yield the colours that a sheet writes out instead of taking a token."""
    yield from re.findall(r":[^;{}]*(#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\()", css_of(path))


@pytest.mark.parametrize(
    "path", [path for path in SITE_STYLES if path.name != "tokens.css"], ids=name_of
)
def test_colours_come_from_tokens(path: Path) -> None:
    assert list(colours_in(path)) == []


# ---------- what templates and styles say to each other


def test_every_colour_of_light_has_its_dark_twin() -> None:
    css = css_of(STATIC / "css" / "tokens.css")
    light, dark = (
        set(re.findall(r"(--[\w-]+):", block))
        for block in re.findall(r":root[^{]*\{([^}]*)\}", css)
    )
    assert light - dark == {"--font", "--radius"}


def test_script_finds_in_the_templates_what_it_looks_for() -> None:
    wanted = set(re.findall(r"one\('#([\w-]+)'\)", js_of(STATIC / "js" / "app.js")))
    wanted |= set(re.findall(r"copyOf\('#([\w-]+)'\)", js_of(STATIC / "js" / "app.js")))
    offered = {
        name for path in PAGES for name in re.findall(r"\bid=\"([\w-]+)\"", template_of(path))
    }
    assert wanted
    assert wanted - offered == set()
