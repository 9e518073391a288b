"""Red lines over everything that the demonstration shows: every page of every role, every paper.

HALL.md 6: "No 处分, 谈话函询, 一票否决, 廉政档案, 个人重大事项 anywhere"; "no 入党日期, 党费, 组织关系";
"Never print 内部资料 as decoration"; "No ranking of persons on screens, pages of others, 通报; no
红黑榜, 末位"; "The demonstration hall is fictional, never Baoshan with invented figures".
"""

import re
from collections import Counter, deque
from datetime import date, datetime

import pypdfium2
import pytest

from app.accounts import demo
from app.kernel import clock
from tests.exams.factories import run_jobs
from tests.support.pages import sign_in

DAY = date(2026, 11, 20)
MORNING = clock.from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - from_local gives the zone.
MOST_OF_AN_ENDPOINT = 2
FORBIDDEN = (
    *("处分", "谈话函询", "一票否决", "廉政档案", "个人重大事项"),
    *("入党日期", "党费", "组织关系", "内部资料", "绝密", "机密"),
    *("红黑榜", "末位", "倒数第", "排名", "名次", "系统评定", "宝山"),
)
# Where a word of the list stands for something else: what is quoted, and why it may.
PLAN = "The measures quote the plans word for word, with readings that say 演示数据 (HALL.md 6.9)."
ALLOWED: dict[str, str] = dict.fromkeys(
    (
        "上海市宝山区政务服务中心",
        "上海市宝山区行政服务中心",
        "“随申办”宝山旗舰店",
        "市民云宝山旗舰店",
        "企业宝山云旗舰店",
        "宝山区“一网通办”平台",
        "清廉宝山",
    ),
    PLAN,
) | dict.fromkeys(("不排名次", "不排名"), "It says that nobody is ranked.")


def enter(hall, staff_number):
    """Enter as one of the cast, through the entrance."""
    visitor = sign_in(hall.app, None)
    token = visitor.get("/demo/").all("[name=csrf_token]")[0].get("value")
    visitor.post("/demo/enter", {"staff_number": staff_number, "csrf_token": token}, status=303)
    return visitor


def endpoint_of(hall, path):
    """Give the endpoint of an address, or nothing where a GET leads nowhere."""
    adapter = hall.app.url_map.bind("localhost")
    try:
        return adapter.match(path.partition("?")[0].partition("#")[0], method="GET")[0]
    except Exception:  # noqa: BLE001 - whatever werkzeug raises, there is no page.
        return ""


def crawl(hall, visitor):
    """Give all pages that one person reaches by links, some of each kind, with what they print."""
    pages, papers = {}, {}
    waiting, seen = deque(["/", "/inbox", "/account"]), Counter()
    while waiting:
        path = waiting.popleft().partition("#")[0]
        endpoint = endpoint_of(hall, path)
        is_page = endpoint and not re.search(
            r"export|exams\.show_sheet|\.show_(.*_scan|.*photo|.*_paper|rating_code)", endpoint
        )
        if not is_page or path in pages or seen[endpoint] >= MOST_OF_AN_ENDPOINT:
            continue
        seen[endpoint] += 1
        answer = visitor.client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = visitor.look_at(path, answer)
        pages[path] = page.text
        waiting.extend(page.links())
        for form in page.all("form[action]"):
            action = form.get("action")
            if "/print-" in action:
                papers[re.sub(r"\d+|[A-Za-z0-9_-]{16}", "#", action)] = action
    return pages, papers


def faults(text):
    """Give the forbidden words in a text, what is allowed left out; papers break lines anywhere."""
    text = re.sub(r"\s+", "", text)
    for each in ALLOWED:
        text = text.replace(each, "")
    return [word for word in FORBIDDEN if word in text]


@pytest.mark.parametrize("member", demo.CAST, ids=lambda member: member.enters_as)
def test_no_page_and_no_paper_crosses_a_red_line(member, hall):
    with clock.frozen(MORNING):
        visitor = enter(hall, member.enters_as)
        pages, papers = crawl(hall, visitor)
        assert len(pages) >= 3
        wrong = {path: faults(text) for path, text in pages.items() if faults(text)}
        assert wrong == {}
        for action in papers.values():
            text = print_paper(hall, visitor, action)
            assert len(text) > 40, action
            assert faults(text) == [], action


def print_paper(hall, visitor, action):
    """Order a paper as its page does, let the worker make it, and give its text."""
    token = visitor.token()
    job = visitor.post(action, {"csrf_token": token}, status=303).location
    with hall.app.app_context():
        run_jobs()
    url = next(link for link in visitor.get(job).links() if link.endswith(".pdf"))
    document = pypdfium2.PdfDocument(visitor.client.get(url).data)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_a_forbidden_word_would_be_found():
    assert faults("有关 处 分 的决定") == ["处分"]
