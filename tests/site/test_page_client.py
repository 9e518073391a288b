"""The page client finds what it is for: each fault of a page is refused, and a sound page passes."""

import pytest
import tinyhtml5

from tests.support.pages import Page, check_page, fold, text_of
from tests.support.trees import TreeMaker

SOUND = """<!doctype html><html lang="zh-CN"><head><title>考试 &amp; 练习</title></head><body>
<h1 id="top">考试</h1><a href="/exams">考试</a><a href="https://elsewhere.example">别处</a>
<form method="post" action="/sign-out" id="out"><input type="hidden" name="csrf_token">
<label for="why">为什么</label><input id="why" name="why" aria-describedby="hint">
<p id="hint">一句话</p><label>打勾 <input type="checkbox" name="tick"></label>
<input type="text" name="aside" aria-label="旁边"><button class="btn btn-primary">退出</button></form>
<form method="post" action="/sign-out" id="far"></form>
<input type="hidden" name="csrf_token" form="far"></body></html>"""
FAULTS = {
    "ids twice": ('<p id="hint">', '<p id="top">'),
    "no label": ('for="why"', 'for="who"'),
    "no such action": ('action="/sign-out" id="out"', 'action="/none" id="out"'),
    "a form without token": ('form="far"', 'form="near"'),
    "points at no element": ('aria-describedby="hint"', 'aria-describedby="none"'),
    "0 h1": ("h1", "h2"),
    "2 h1": ("<p ", "<h1>也</h1><p "),
    "buttons": ("</form>", '<button class="btn-primary"></button></form>'),
    "titles": ("<title>", "<title>一</title><title>"),
    "no title": ("考试 &amp; 练习", " "),
    "a dead link": ('href="/exams"', 'href="/exam"'),
}


def page_of(body, url="/exams"):
    return Page(url=url, status=200, headers={}, body=body, data=body.encode(), is_html=True)


def test_sound_page_passes(app):
    check_page(app, page_of(SOUND), is_whole=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found_each_time(fault, app):
    """Also the second time: only sound pages are remembered."""
    old, new = FAULTS[fault]
    assert old in SOUND
    for _ in range(2):
        with pytest.raises(AssertionError, match=fault):
            check_page(app, page_of(SOUND.replace(old, new)), is_whole=True)


def test_a_fragment_needs_no_heading_and_no_title(app):
    check_page(app, page_of('<div id="list"><a href="/exams">考试</a></div>'), is_whole=False)


def test_what_a_script_or_a_comment_says_is_no_page(app):
    body = SOUND.replace("<body>", '<body><script>"<h1>"</script><!-- <h1 id="top"> -->')
    check_page(app, page_of(body), is_whole=True)


def test_a_form_without_address_leads_to_its_own_page(app):
    body = SOUND.replace('action="/sign-out" id="out"', 'id="out"')
    check_page(app, page_of(body, "/sign-out"), is_whole=True)
    with pytest.raises(AssertionError, match="no such action"):
        check_page(app, page_of(body, "/exams"), is_whole=True)


@pytest.mark.parametrize("path", ["/exams", "/exams?q=1", "/account", "/none"])
@pytest.mark.parametrize("is_fragment", [False, True])
def test_tree_is_that_of_a_browser(path, is_fragment, browse):
    """The parser of the standard, which mends what is broken, has nothing to mend."""
    headers = {"HX-Request": "true"} if is_fragment else {}
    body = browse("staff").client.get(path, headers=headers).get_data(as_text=True)
    assert outline(TreeMaker(body).root) == outline(tinyhtml5.parse(body))


def outline(element):
    """Give a tree as plain values; blanks between elements are nobody's business."""
    attributes = {str(name).lower(): value for name, value in element.attrib.items()}
    children = [outline(each) for each in element if isinstance(each.tag, str)]
    return element.tag.lower(), attributes, fold(text_of(element)), children


@pytest.mark.parametrize(
    "body",
    ["<p><b>一</p></b>", "<ul><li>一</ul>", "<p>一</p></div>", "<div><p>一</p>", "<td>一</tr>"],
)
def test_what_is_not_closed_in_order_is_refused(body):
    with pytest.raises(AssertionError, match="close"):
        TreeMaker(body)
