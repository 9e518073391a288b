"""组卷: what is drawn, the drawing, the forms, and what publication makes of them."""

from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import event

from app.accounts.roster.models import PostGroup
from app.exams.drawing import Row
from app.exams.exam_flow import NOT_WHAT_WAS_SENT
from app.exams.models import PaperForm, PaperQuestion, Sitting
from app.exams.service import blueprints, choosing, papers, publishing
from app.exams.service.blueprints import Way
from app.kernel import db
from app.kernel.forms import RefusedError
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory
from tests.exams.factories import draft, get_exam, jobs_of, publish, review, run_jobs, submit
from tests.questions.factories import add_question, revise
from tests.support import cast
from tests.support.questions import retire

pytestmark = pytest.mark.db

SINGLE = {"kind": QuestionKind.SINGLE, "options": ["一", "二", "三"], "key": ["B"]}
TRUE_FALSE = {"kind": QuestionKind.TRUE_FALSE, "options": [], "key": ["true"]}


def asked(count, kind=QuestionKind.SINGLE, category=QuestionCategory.COMMON, marks=2, tag=""):
    return Row(
        number=1,
        category=category,
        kind=kind,
        tag=tag,
        difficulty=None,
        count=count,
        marks=Decimal(marks),
    )


def fill_bank(common=8, posts=()):
    """Put common questions, and so many of a post each, into the bank."""
    ids = [add_question(**SINGLE, stem=f"公共第{place}问") for place in range(common)]
    for group, count in posts:
        ids += [
            add_question(
                **SINGLE,
                stem=f"{group}第{place}问",
                category=QuestionCategory.POST,
                post_group=group,
            )
            for place in range(count)
        ]
    return ids


def compose(rows, items=(), way=None, **settings):
    """Draft an exam with a blueprint, and draw it; gives its id."""
    exam_id = draft(list(items), pass_marks=Decimal(1), **settings)
    with db.write():
        blueprints.set_blueprint(
            exam_id=exam_id,
            seen_version=get_exam(exam_id).version,
            rows=rows,
            way=way or Way(),
            edited_by_id=cast.person_id("clerk"),
        )
    draw(exam_id)
    return exam_id


def draw(exam_id):
    with db.write():
        blueprints.order_drawing(exam_id=exam_id, ordered_by_id=cast.person_id("clerk"))
    run_jobs()


def url(exam_id, path="blueprint"):
    return f"/exams/papers/{exam_id}/{path}"


def test_a_paper_is_drawn_by_its_pages_and_sent(app, browse):
    with app.app_context():
        fill_bank(8)
        exam_id = draft([], pass_marks=Decimal(4))
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    assert "还没有写要抽哪些题" in page.text
    values = {"count": "5", "marks": "2"}
    page = clerk.follow(clerk.submit(page, values, form="form[action$=blueprint]"))
    assert "每套5题，满分10分" in page.text
    assert "8道" in page.text_of("table")
    way = {"form_count": "2", "is_shuffled": True, "part_rule": "half"}
    page = clerk.follow(clerk.submit(page, way, form="form[action$=drawing]"))
    job = clerk.submit(page, form="form[action$=draw]")
    with app.app_context():
        run_jobs()
    done = clerk.follow(job)
    [forms] = [href for href in done.links() if href.endswith("/forms")]
    page = clerk.get(forms)
    assert "2套卷，每套5题，满分10分" in page.text
    assert "所有参加的人" in page.text
    first = clerk.get(f"{forms}/1")
    assert len(first.all(".chosen-list li")) == 5
    assert "答案 B" in first.text
    paper = clerk.get(url(exam_id, "")[:-1])
    clerk.submit(paper, form="form[action$=submit]")
    with app.app_context():
        exam = get_exam(exam_id)
        assert exam.state.value == "submitted"
        assert (exam.form_count, exam.is_shuffled, exam.part_rule.value) == (2, True, "half")


def test_a_form_shows_what_was_published_whatever_the_bank_says_since(app, browse):
    with app.app_context():
        fill_bank(3)
        exam_id = compose([asked(3)])
        publish(exam_id)
        [form] = papers.list_forms(exam_id)
        changed = form.question_ids[1]
        revise(changed, **SINGLE | {"stem": "改过的题面", "key": ["A"]})
    page = browse("clerk").get(url(exam_id, "forms/1"))
    assert "改过的题面" not in page.text
    assert len(page.all(".chosen-list li")) == 3
    assert "答案 A" not in page.text
    assert page.text_of(".chosen-list").count("答案 B") == 3


def test_what_is_short_is_said_and_nothing_is_kept(app, browse):
    with app.app_context():
        fill_bank(3)
        exam_id = compose([asked(5)])
        assert papers.list_forms(exam_id) == []
        [job] = jobs_of(blueprints.DRAW_JOB)
        public_id = job.public_id
    page = browse("clerk").get(f"/jobs/{public_id}")
    assert "单选题" in page.text
    assert "5道" in page.text
    assert "3道" in page.text


def test_any_change_of_the_draft_makes_its_forms_void(app):
    with app.app_context():
        ids = fill_bank(8)
        exam_id = compose([asked(3)])
        assert len(papers.list_forms(exam_id)) == 1
        with db.write():
            choosing.add_item(
                exam_id=exam_id, question_id=ids[0], edited_by_id=cast.person_id("clerk")
            )
        assert papers.list_forms(exam_id) == []
        with pytest.raises(RefusedError, match="还没有按现在的要求组卷"):
            submit(exam_id)


def test_a_question_chosen_by_hand_stands_in_every_form_and_is_never_drawn(app):
    with app.app_context():
        ids = fill_bank(6)
        exam_id = compose([asked(5)], items=ids[:1], way=Way(form_count=3))
        for form in papers.list_forms(exam_id):
            assert form.question_ids[0] == ids[0]
            assert len(set(form.question_ids)) == 6


def test_one_kind_has_one_mark(app):
    with app.app_context():
        fill_bank(8)
        exam_id = draft([])
        with pytest.raises(RefusedError, match="单选题的分值"), db.write():
            blueprints.set_blueprint(
                exam_id=exam_id,
                seen_version=get_exam(exam_id).version,
                rows=[asked(2, marks=2), asked(2, marks=3)],
                way=Way(),
                edited_by_id=cast.person_id("clerk"),
            )
        assert papers.list_rows(exam_id) == []


@pytest.mark.parametrize("change", ["retire", "revise"])
def test_a_drawn_question_that_changed_holds_the_paper_up(app, change):
    with app.app_context():
        fill_bank(4)
        exam_id = compose([asked(4)])
        submit(exam_id)
        [form] = papers.list_forms(exam_id)
        chosen = form.question_ids[0]
        if change == "retire":
            with db.write():
                retire(chosen)
        else:
            revise(chosen, analysis="改过的解析。")
        wanted = "停用或者改过" if change == "retire" else NOT_WHAT_WAS_SENT
        with pytest.raises(RefusedError, match=wanted):
            review(exam_id)


def test_publication_freezes_every_form_and_gives_each_person_one(app):
    with app.app_context():
        fill_bank(12)
        exam_id = compose([asked(5)], way=Way(form_count=2))
        drawn = {form.code: form.question_ids for form in papers.list_forms(exam_id)}
        publish(exam_id)
        frozen = {
            each.number: each.question_id
            for each in db.session.query(PaperQuestion).filter_by(exam_id=exam_id)
        }
        assert set(frozen.values()) == {each for ids in drawn.values() for each in ids}
        for form in db.session.query(PaperForm).filter_by(exam_id=exam_id):
            assert [frozen[number] for number in form.numbers] == drawn[form.code]
        codes = Counter(each.form_code for each in db.session.query(Sitting))
        assert codes == {1: 1, 2: 1}
        exam = get_exam(exam_id)
        assert (exam.question_count, exam.full_marks) == (5, Decimal(10))


def test_each_post_gets_its_own_questions(app, browse):
    with app.app_context():
        fill_bank(8, [(each, 3) for each in PostGroup])
        rows = [asked(3), asked(2, category=QuestionCategory.POST)]
        exam_id = compose(rows)
        publish(exam_id)
        forms = {form.code: form.post_group for form in papers.list_forms(exam_id)}
        exam = get_exam(exam_id)
        sittings = db.session.query(Sitting).filter_by(exam_id=exam_id).all()
        groups = blueprints.post_groups_of(
            [each.person_id for each in sittings], exam.opens_at.date()
        )
        assert groups
        for each in sittings:
            assert forms[each.form_code] == groups.get(each.person_id)
    text = browse("clerk").get(url(exam_id, "forms")).text_of("main")
    assert "没有岗位类别的人" in text
    assert "所有参加的人" not in text


def test_who_gets_which_form_can_be_worked_out_again(app):
    with app.app_context():
        fill_bank(12)
        exam_id = compose([asked(5)], way=Way(form_count=2))
        publish(exam_id)
        exam = get_exam(exam_id)
        given = {each.person_id: each.form_code for each in db.session.query(Sitting)}
        assert publishing.assign_forms(exam, list(reversed(list(given)))) == given


def test_tags_and_kinds_are_drawn_as_asked(app):
    with app.app_context():
        fill_bank(4)
        tagged = [add_question(**TRUE_FALSE, stem=f"收件第{place}问") for place in range(3)]
        with db.write():
            for each in tagged:
                questions.set_tags(question_id=each, tags=["收件"])
        exam_id = compose([asked(2, kind=QuestionKind.TRUE_FALSE, marks=1, tag="收件"), asked(2)])
        [form] = papers.list_forms(exam_id)
        assert set(form.question_ids[:2]) <= set(tagged)
        assert not set(form.question_ids[2:]) & set(tagged)


def test_another_seed_draws_other_questions_and_the_same_seed_the_same(app):
    with app.app_context():
        fill_bank(30)
        exam_id = compose([asked(5)])
        before = papers.list_forms(exam_id)[0].question_ids
        draw(exam_id)
        assert papers.list_forms(exam_id)[0].question_ids == before
        with db.write():
            blueprints.change_seed(exam_id=exam_id, seed=7, edited_by_id=cast.person_id("clerk"))
        draw(exam_id)
        assert papers.list_forms(exam_id)[0].question_ids != before


def test_freezing_asks_the_database_no_oftener_for_a_larger_pool(app):
    def inserted(count):
        fill_bank(count)
        exam_id = compose([asked(4)], way=Way(form_count=count // 2))
        submit(exam_id)
        review(exam_id)
        statements = []
        note = lambda *given: statements.append(given[2])  # noqa: E731 - Taken away again below.
        event.listen(db.database.engine, "before_cursor_execute", note)
        try:
            with db.write():
                clerk = cast.person_id("clerk")
                publishing.publish_paper(exam_id=exam_id, published_by_id=clerk)
        finally:
            event.remove(db.database.engine, "before_cursor_execute", note)
        frozen = db.session.query(PaperQuestion).filter_by(exam_id=exam_id).count()
        words = ("INSERT INTO paper_question", "INSERT INTO paper_key")
        return frozen, sum(each.startswith(words) for each in statements)

    with app.app_context():
        few, many = inserted(6), inserted(40)
        assert few[0] < many[0]
        assert few[1] == many[1]
