"""The sitting page with every kind of question: typed answers, a case, a picture, another order."""

import pytest

from app.exams import paper_html
from app.exams.models import Exam
from app.exams.service import frozen, publishing, sittings
from app.kernel import db
from app.questions.kinds import QuestionKind
from tests.exams.every_kind import CASE, DOT, IN_CASE, NUMBERS, add_every_kind
from tests.exams.factories import Examinee, answers_of, direct, publish_exam, sitting_of

SINGLE, BLANK, NUMERIC, SHORT, ESSAY = (
    NUMBERS[kind]
    for kind in (
        QuestionKind.SINGLE,
        QuestionKind.BLANK,
        QuestionKind.NUMERIC,
        QuestionKind.SHORT,
        QuestionKind.ESSAY,
    )
)
HOSTILE = "</textarea><img src=x onerror=alert(1)>\"'&lt;"


@pytest.fixture
def exam_id(app):
    with app.app_context():
        return publish_exam(add_every_kind())


def stored(app, exam_id):
    with app.app_context():
        return answers_of(sitting_of(exam_id, "staff").id)


def text_in(element):
    return "".join(element.itertext())


def typed(page, number):
    """Give what stands in the fields of a question."""
    return [
        text_in(each) if each.tag.endswith("textarea") else each.get("value")
        for each in page.all(f"[name=answer-{number}]")
    ]


def test_each_kind_has_fields_that_say_what_to_write(enter):
    page = enter().page()
    labels = [text_in(each) for each in page.all(f"#q{BLANK} .label")]
    assert labels == ["第1空", "第2空"]
    assert [text_in(each) for each in page.all(f"#q{BLANK} .blank")] == ["第1空", "第2空"]
    assert page.one(f"[name=answer-{NUMERIC}]").get("inputmode") == "decimal"
    assert "不写单位" in page.text_of(f"#q{NUMERIC}")
    assert page.one(f"[name=answer-{SHORT}]").get("maxlength") == "2000"
    assert page.one(f"[name=answer-{ESSAY}]").get("maxlength") == "10000"
    for number in (BLANK, NUMERIC, SHORT, ESSAY):
        assert page.all(f"#q{number} fieldset legend")


@pytest.mark.db
def test_typed_answers_are_stored_in_their_order_and_shown_again(app, exam_id, enter):
    staff = enter()
    staff.save(BLANK, ["十五", "回执"], 1)
    staff.save(NUMERIC, [" 15 "], 1)
    staff.save(SHORT, ["缺什么\n怎么补"], 1)
    assert stored(app, exam_id) == {
        BLANK: (["十五", "回执"], 1),
        NUMERIC: (["15"], 1),
        SHORT: (["缺什么\n怎么补"], 1),
    }
    page = staff.page()
    assert typed(page, BLANK) == ["十五", "回执"]
    assert typed(page, NUMERIC) == ["15"]
    assert typed(page, SHORT) == ["缺什么\n怎么补"]


@pytest.mark.parametrize("number", [BLANK, NUMERIC, SHORT, ESSAY])
def test_typed_text_stays_text(enter, number):
    staff = enter()
    # A browser leaves out the first line break of a text field: that of the template, not theirs.
    texts = [HOSTILE] * (2 if number == BLANK else 1)
    staff.save(number, texts, 1)
    page = staff.page()
    assert not page.all("img[onerror]")
    assert typed(page, number) == texts


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        (BLANK, ["只有一空"]),
        (BLANK, ["一", "二", "三"]),
        (NUMERIC, ["1", "2"]),
        (NUMERIC, ["1" * 201]),
        (SHORT, ["长" * 2001]),
        (ESSAY, ["一", "二"]),
    ],
)
def test_what_the_fields_can_not_hold_is_refused(app, exam_id, enter, number, sent):
    assert enter().save(number, sent, 1, status=422)["error"] == "refused"
    assert stored(app, exam_id) == {}


def test_a_text_that_is_taken_out_takes_the_answer_back(app, exam_id, enter):
    staff = enter()
    staff.save(BLANK, ["十五", ""], 1)
    assert stored(app, exam_id)[BLANK] == (["十五", ""], 1)
    staff.save(BLANK, ["", " "], 2)
    assert stored(app, exam_id)[BLANK] == ([], 2)
    staff.save(SHORT, [], 1)
    assert stored(app, exam_id)[SHORT] == ([], 1)


@pytest.mark.db
def test_the_plain_form_carries_every_kind(app, exam_id, enter):
    staff = enter()
    sent = {
        f"answer-{SINGLE}": ["B"],
        f"answer-{BLANK}": ["", "回执"],
        f"answer-{NUMERIC}": "15",
        f"answer-{ESSAY}": "第一行\r\n第二行",
    }
    answer = staff.browser.submit(staff.page(), sent, form="#paper")
    assert "已保存4道题的修改。" in staff.browser.follow(answer).text_of(".alert-success")
    assert stored(app, exam_id) == {
        SINGLE: (["B"], 1),
        BLANK: (["", "回执"], 1),
        NUMERIC: (["15"], 1),
        ESSAY: (["第一行\n第二行"], 1),
    }
    again = staff.browser.submit(staff.page(), {}, form="#paper")
    assert "没有变化" in staff.browser.follow(again).text_of(".alert-success")


def test_handing_in_lists_what_is_open_with_a_way_there(enter):
    staff = enter()
    staff.save(BLANK, ["十五", ""], 1)
    staff.save(SHORT, [], 1, flagged="1")
    page = staff.browser.get(f"{staff.url}/hand-in")
    assert "已答1道题，还有6道题未作答。" in page.text
    lines = [text_in(each).strip() for each in page.all("main .plain-p")]
    assert lines == ["未作答：第1题、第2题、第3题、第5题、第6题、第7题。", "已标记：第6题。"]
    assert f"{staff.url}#q{SHORT}" in page.links()


def test_the_stem_of_a_case_stands_with_each_of_its_questions_and_is_shown_once(enter):
    page = enter().page()
    cases = page.all(".case")
    assert len(cases) == len(IN_CASE)
    assert all(CASE.splitlines()[1] in text_in(each) for each in cases)
    assert [each.get("class") for each in cases] == ["case", "case is-again"]
    assert "第5至6题" in text_in(cases[0])
    assert "材料见第5题。" in page.text_of(f"#q{SHORT}")


def test_a_picture_is_given_to_whoever_sits_the_paper_and_to_nobody_else(exam_id, enter, browse):
    staff = enter()
    picture = staff.page().one(f"#q{SINGLE} legend img")
    assert picture.get("alt") == "题图1"
    address = picture.get("src")
    answer = staff.browser.client.get(address)
    assert (answer.data, answer.content_type) == (DOT, "image/png")
    assert answer.headers["Cache-Control"] == "private, max-age=14400, immutable"
    base = address.removesuffix("/1/1")
    for wrong in ("1/0", "1/2", "2/1", "99/1"):
        staff.browser.get(f"{base}/{wrong}", status=404)
    browse("other").get(address, status=404)
    browse("clerk").get(address, status=403)
    browse(None).get(address, status=303)


def test_a_picture_is_given_only_after_the_start(app, exam_id, browse):
    with app.app_context():
        public_id = sitting_of(exam_id, "staff").public_id
    browse("staff").get(f"/exams/sittings/{public_id}/pictures/{SINGLE}/1", status=404)


def test_organisers_see_pictures_and_cases_in_the_preview(exam_id, browse):
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{exam_id}/preview")
    address = page.one("legend img").get("src")
    assert clerk.client.get(address).data == DOT
    clerk.get(f"/exams/papers/{exam_id}/pictures/{SINGLE}/2", status=404)
    clerk.get(f"/exams/papers/{exam_id + 1}/pictures/{SINGLE}/1", status=404)


# ---------- a form of one's own


@pytest.fixture
def narrow_id(app, monkeypatch):
    """An exam of whose questions the only form holds three, as if the others were another's."""
    monkeypatch.setattr(frozen, "_papers", {})
    whole = publishing.only_form

    def only_form(exam_id, items):
        form = whole(exam_id, items)
        form.numbers = [2, BLANK, SHORT]
        return form

    monkeypatch.setattr(publishing, "only_form", only_form)
    with app.app_context():
        return publish_exam(add_every_kind())


def test_questions_of_another_form_are_neither_shown_nor_taken(app, narrow_id, browse):
    staff = Examinee(browse("staff"), narrow_id)
    page = staff.start()
    assert [each.get("id") for each in page.all(".question")] == ["q2", f"q{BLANK}", f"q{SHORT}"]
    assert "第3/3题" in page.text_of(f"#q{SHORT}")
    assert [text_in(each) for each in page.all(".boxes button")] == ["1", "2", "3"]
    # A case of which only one question is asked.
    assert "材料（第3题）" in page.text_of(f"#q{SHORT}")
    assert staff.save(SINGLE, ["B"], 1, status=422)["error"] == "refused"
    staff.browser.get(f"{staff.url}/pictures/{SINGLE}/1", status=404)
    staff.save(SHORT, ["写明缺什么"], 1)
    sent = {f"answer-{SINGLE}": ["B"], f"revision-{SINGLE}": "0", "csrf_token": staff._token}
    staff.browser.post(f"{staff.url}/answers", sent)
    assert stored(app, narrow_id) == {SHORT: (["写明缺什么"], 1)}


def shuffle(app, exam_id, seed):
    with app.app_context():
        direct(
            "UPDATE exam SET is_shuffled = :on, seed = :seed WHERE id = :id",
            on=True,
            seed=seed,
            id=exam_id,
        )


def order(page):
    """Give the options of the second question as they stand on a page: letters and values."""
    letters = [text_in(each) for each in page.all("#q2 .key")]
    return letters, [each.get("value") for each in page.all("#q2 .option input")]


@pytest.mark.db
def test_shuffled_options_keep_their_labels_under_the_letters_of_their_places(app, exam_id, browse):
    """The kept pieces serve every order: letters by place, values as the bank has them."""
    staff = Examinee(browse("staff"), exam_id)
    assert order(staff.start()) == (list("ABCD"), list("ABCD"))
    seen = set()
    for seed in range(1, 9):
        shuffle(app, exam_id, seed)
        letters, values = order(staff.page())
        assert letters == list("ABCD")
        assert sorted(values) == list("ABCD")
        assert order(staff.page()) == (letters, values)
        with app.app_context():
            exam = db.session.get_one(Exam, exam_id)
            placed = sittings.list_placed(exam, sitting_of(exam_id, "staff"))
            assert tuple(values) == next(p.labels for p in placed if p.question.number == 2)
        seen.add(tuple(values))
    assert len(seen) > 2
    staff.save(2, ["D", "A"], 1)
    checked = [each.get("value") for each in staff.page().all("#q2 input[checked]")]
    assert sorted(checked) == ["A", "D"]
    truth = [each.get("value") for each in staff.page().all("#q3 .option input")]
    assert truth == ["true", "false"]


def test_one_person_s_order_never_shows_on_the_page_of_another(app, exam_id, browse):
    shuffle(app, exam_id, 3)
    pages = [Examinee(browse(who), exam_id).start() for who in ("staff", "other")]
    with app.app_context():
        exam = db.session.get_one(Exam, exam_id)
        for who, page in zip(("staff", "other"), pages, strict=True):
            placed = sittings.list_placed(exam, sitting_of(exam_id, who))
            assert order(page)[1] == list(next(p.labels for p in placed if p.question.number == 2))


def test_a_question_is_rendered_once_for_all(app, exam_id, browse, monkeypatch):
    monkeypatch.setattr(paper_html, "_kept", {})
    Examinee(browse("staff"), exam_id).start()
    monkeypatch.setattr(paper_html, "render", None)
    assert len(Examinee(browse("other"), exam_id).start().all(".question")) == len(QuestionKind)
