"""Publishing: the paper is frozen with its keys apart, and everybody on the roll gets a sitting.

"Papers are frozen and sittings created when an exam is published." Whoever knows a key is on the
roll as 免考(命题) and never begins. What is frozen was sent for review, reviewed and, where the
hall wants it, approved; the moves stand in `exam_flow`, this module says what publication does
beside moving the exam on.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from app.accounts import service as accounts
from app.accounts.acting import acting
from app.accounts.roster.models import PostGroup
from app.audit.models import AuditEvent
from app.exams import exam_flow
from app.exams.models import (
    Exam,
    ExamPerson,
    ExamState,
    PaperForm,
    PaperKey,
    PaperQuestion,
    Sitting,
)
from app.exams.service import batches, blueprints, exemptions, papers, readiness
from app.exams.service.papers import Item
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission
from app.kernel.types import canonical_json, json_digest
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import Question, QuestionGroup, QuestionPicture

PUBLIC_ID_BYTES = 12
RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 10
# How hard a question is where nobody has said so: as one in the middle.
UNKNOWN_DIFFICULTY = 2


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A question as it is frozen: what the bank holds, with its case and its pictures."""

    item: Item
    group_stem: str
    pictures: Sequence[dict[str, object]]

    @property
    def blank_count(self) -> int:
        """Give how many blanks are filled in."""
        version = self.item.version
        return len(version.key) if version.kind is QuestionKind.BLANK else 0


def submit_paper(*, exam_id: int, submitted_by_id: int) -> None:
    """Send a draft for review, for rooms and stories; raises RefusedError.

    Who organises a class sends its test along without being a 经办人: then the site moves it on.
    """
    user = acting(submitted_by_id)
    is_drafter = user.can(Permission.EXAMS_PAPER_DRAFT)
    exam_flow.make_move(exam_id, "submit", user if is_drafter else None)
    papers.get_locked(exam_id).submitted_by_id = submitted_by_id
    papers.add_author(exam_id, submitted_by_id)
    db.session.flush()


def review_paper(*, exam_id: int, reviewed_by_id: int) -> None:
    """Let a section's chief pass a paper, for commands and stories; raises RefusedError."""
    name = "review" if papers.get_locked(exam_id).needs_approval else "pass"
    exam_flow.make_move(exam_id, name, acting(reviewed_by_id))


def approve_paper(*, exam_id: int, approved_by_id: int) -> None:
    """Let a leader approve a paper, for commands and stories; raises RefusedError."""
    exam_flow.make_move(exam_id, "approve", acting(approved_by_id))


def publish_paper(
    *, exam_id: int, published_by_id: int, only_person_ids: frozenset[int] | None = None
) -> int:
    """Freeze an approved paper and put everybody on the roll; raises RefusedError.

    `only_person_ids` narrows the roll to these people of the chosen departments. Returns the number
    of sittings created.
    """
    exam = papers.get_locked(exam_id)
    if exam.state is not ExamState.APPROVED:
        raise RefusedError(form=papers.WRONG_STATE)
    if exam.paper_print != readiness.fingerprint(exam_id):
        raise RefusedError(form=exam_flow.NOT_WHAT_WAS_SENT)
    items = papers.list_items(exam_id)
    readiness.check_ready(exam, items)
    pool = pool_of(exam_id, items)
    freeze(exam, pool)
    used_on = clock.local(exam.opens_at).date()
    questions.mark_used([item.question.id for item in pool], on=used_on)
    count = enrol(exam, only_person_ids, published_by_id)
    exam_flow.make_move(exam_id, "publish", acting(published_by_id))
    hashed = exam.paper_hash
    papers.log(AuditEvent.EXAMS_PUBLISHED, exam, published_by_id, sittings=count, paper=hashed)
    return count


def pool_of(exam_id: int, items: Sequence[Item]) -> list[Item]:
    """Give all questions of all forms, numbered: what was chosen by hand, then what was drawn.

    A number names a question in answers and marks; where it stands on a page its form says.
    """
    chosen = {item.question.id for item in items}
    drawn = papers.drawn_ids(exam_id) - chosen
    worth = {row.kind: row.marks for row in papers.list_rows(exam_id)}
    found = db.session.execute(
        questions.select_current().where(Question.id.in_(drawn)).order_by(Question.id)
    ).all()
    return [
        *items,
        *(
            Item(number=number, question=question, version=version, marks=worth[version.kind])
            for number, (question, version) in enumerate(found, start=len(items) + 1)
        ),
    ]


def freeze(exam: Exam, items: Sequence[Item]) -> None:
    """Copy the questions as they were read, keys apart, and hash the whole paper."""
    whole = hashlib.sha256()
    keys = []
    for each in gather(items):
        content = public_content(each)
        key = each.item.version.key
        whole.update(canonical_json([content, key]).encode())
        db.session.add(frozen_question(exam.id, each, json_digest(content)))
        keys.append(
            PaperKey(
                exam_id=exam.id,
                number=each.item.number,
                key=key,
                basis=each.item.version.basis,
                analysis=each.item.version.analysis,
            )
        )
    # All questions by one statement, then all keys: a pool of many forms has a thousand.
    db.session.flush()
    db.session.add_all(keys)
    number_forms(exam.id, items)
    exam.paper_hash = whole.hexdigest()
    exam.full_marks = readiness.full_marks_of(exam.id)
    exam.question_count = readiness.count_questions(exam.id)
    db.session.flush()


def number_forms(exam_id: int, pool: Sequence[Item]) -> None:
    """Write into each form under which numbers its questions are frozen."""
    forms = papers.list_forms(exam_id)
    if not forms:
        db.session.add(only_form(exam_id, pool))
    numbers = {item.question.id: item.number for item in pool}
    for form in forms:
        form.numbers = [numbers[each] for each in form.question_ids]
    db.session.flush()


def gather(items: Sequence[Item]) -> list[Frozen]:
    """Add the shared stems and the pictures of some questions."""
    group_ids = {item.version.group_id for item in items} - {None}
    stems = dict(
        db.session.execute(
            select(QuestionGroup.id, QuestionGroup.stem).where(QuestionGroup.id.in_(group_ids))
        ).all()
    )
    pictures: dict[int, list[dict[str, object]]] = {}
    drawn = select(QuestionPicture).where(
        QuestionPicture.version_id.in_([item.version.id for item in items])
    )
    for each in db.session.scalars(drawn.order_by(QuestionPicture.marker)):
        pictures.setdefault(each.version_id, []).append(
            {"marker": each.marker, "file": each.file_id}
        )
    return [
        Frozen(
            item=item,
            group_stem=stems.get(item.version.group_id or 0, ""),
            pictures=pictures.get(item.version.id, []),
        )
        for item in items
    ]


def public_content(frozen: Frozen) -> dict[str, object]:
    """Give what a sitting shows of a question; its hash names the cached HTML."""
    item, version = frozen.item, frozen.item.version
    return {
        "number": item.number,
        "kind": version.kind,
        "category": version.category,
        "group_stem": frozen.group_stem,
        "stem": version.stem,
        "pictures": list(frozen.pictures),
        "options": version.options,
        "blank_count": frozen.blank_count,
        "marks": str(item.marks),
        "is_demonstration": item.question.is_demonstration,
    }


def frozen_question(exam_id: int, frozen: Frozen, content_hash: str) -> PaperQuestion:
    """Build the frozen row of a question."""
    item, version = frozen.item, frozen.item.version
    return PaperQuestion(
        exam_id=exam_id,
        number=item.number,
        question_id=item.question.id,
        kind=version.kind,
        category=version.category,
        group_key=version.group_id,
        group_stem=frozen.group_stem,
        stem=version.stem,
        pictures=list(frozen.pictures),
        options=version.options,
        blank_count=frozen.blank_count,
        marks=item.marks,
        is_demonstration=item.question.is_demonstration,
        content_hash=content_hash,
    )


def only_form(exam_id: int, items: Sequence[Item]) -> PaperForm:
    """Build the one form of a paper whose questions were all chosen by hand."""
    return PaperForm(
        exam_id=exam_id,
        code=1,
        question_ids=[item.question.id for item in items],
        difficulty=sum((item.marks for item in items), Decimal(0)) * UNKNOWN_DIFFICULTY,
        numbers=[item.number for item in items],
    )


def name_persons(*, exam_id: int, person_ids: Collection[int]) -> int:
    """Say who sits an exam for named persons, in the open write, once; gives how many get to.

    Of a paper that is not published yet they are kept until it is. Whoever knows a key is exempt,
    named or not. Raises RefusedError.
    """
    exam = papers.get_locked(exam_id)
    already = db.session.scalar(
        select(func.count()).select_from(ExamPerson).where(ExamPerson.exam_id == exam_id)
    )
    if not exam.is_for_named or already:
        raise RefusedError(form=papers.WRONG_STATE)
    db.session.add_all(
        ExamPerson(exam_id=exam_id, person_id=person_id) for person_id in sorted(set(person_ids))
    )
    db.session.flush()
    papers.log(AuditEvent.EXAMS_NAMED, exam, None, sittings=len(set(person_ids)))
    return enrol(exam, None, None) if exam.state is ExamState.PUBLISHED else 0


def list_named(exam_id: int) -> frozenset[int]:
    """Give whom an exam for named persons names."""
    return frozenset(
        db.session.scalars(select(ExamPerson.person_id).where(ExamPerson.exam_id == exam_id))
    )


def is_named(exam: Exam) -> bool:
    """Tell whether an exam is sat by persons who are named: after a class, or as 补考."""
    return exam.is_for_named or exam.makeup_of_id is not None


def departments_of(exam: Exam) -> list[int]:
    """Give the departments from which a roll is drawn: all, where persons are named."""
    if is_named(exam):
        return papers.all_department_ids()
    return papers.list_department_ids(exam.id)


def read_roll(
    exam: Exam, only_person_ids: frozenset[int] | None = None
) -> list[accounts.PersonOnRoll]:
    """Give who will sit an exam: staff of its departments, or whom another room names."""
    if is_named(exam):
        only_person_ids = list_named(exam.id)
    roll = accounts.list_examinees(
        department_ids=departments_of(exam),
        on=clock.local(exam.opens_at).date(),
    )
    if only_person_ids is None:
        return roll
    return [person for person in roll if person.person_id in only_person_ids]


def preview_roll(exam: Exam, published_by_id: int) -> exemptions.RollPreview:
    """Say who will have to come, and who is exempt."""
    return exemptions.preview_roll(exam, read_roll(exam), published_by_id)


def enrol(exam: Exam, only_person_ids: frozenset[int] | None, published_by_id: int | None) -> int:
    """Create a sitting for everybody on the roll; raises RefusedError when nobody has to come.

    An exam for named persons may have none yet. Gives how many have to come.
    """
    roll = read_roll(exam, only_person_ids)
    exempt = exemptions.find_exempt(exam, roll, published_by_id)
    expected = len(roll) - len(exempt.key_seen) - len(exempt.newcomers)
    if not expected and not exam.is_for_named:
        raise RefusedError(form="所选部门没有应考人员，请核对参加部门。")
    codes = assign_forms(exam, [person.person_id for person in roll])
    sittings = [
        Sitting(
            public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
            exam_id=exam.id,
            person_id=person.person_id,
            department_id=person.department_id,
            form_code=codes[person.person_id],
            receipt="".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH)),
        )
        for person in roll
    ]
    db.session.add_all(sittings)
    db.session.flush()
    exemptions.exempt_all(sittings, exempt)
    batches.assign_batches(exam)
    return expected


def assign_forms(exam: Exam, person_ids: Collection[int]) -> dict[int, int]:
    """Give everybody a form for his post, in turn; who got which can be worked out again."""
    by_group: dict[PostGroup | None, list[int]] = {}
    for form in papers.list_forms(exam.id):
        by_group.setdefault(form.post_group, []).append(form.code)
    on = clock.local(exam.opens_at).date()
    groups = blueprints.post_groups_of(person_ids, on) if len(by_group) > 1 else {}
    given: dict[int, int] = {}
    turns: Counter[PostGroup | None] = Counter()
    for person_id in sorted(person_ids, key=lambda each: shuffle_key(exam.seed, each)):
        group = groups.get(person_id)
        # Whose post has no forms of its own gets those of people without a post.
        group = group if group in by_group else None
        codes = by_group[group]
        given[person_id] = codes[turns[group] % len(codes)]
        turns[group] += 1
    return given


def shuffle_key(seed: int, person_id: int) -> bytes:
    """Give by what people are put into an order that says nothing about them."""
    return hashlib.sha256(f"{seed}:{person_id}".encode()).digest()
