"""满意度调查 as other rooms use it: opened for those who took part, closed in time, told once.

"Training satisfaction from a template ... opened by itself for those who signed in. Anonymous by
construction from the first line." A survey is opened in the write of the room that asks for it.
From then on nothing is written here until it is closed: ballots wait in the urn (urn.py). What may
be told of it afterwards is decided in disclosure.py alone.
"""

import json
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from app.accounts.models import Department
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import placed
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.settings import service as settings
from app.surveys import disclosure, questions, urn
from app.surveys.models import (
    LEAST,
    LONGEST_TITLE,
    Questionnaire,
    QuestionnaireState,
    Survey,
    SurveyBallot,
    SurveyComment,
    SurveyRoll,
)
from app.surveys.questions import Filled
from app.surveys.results import OTHERS, Overall, overalls_of, pool
from app.surveys.settings import OPEN_DAYS
from app.workdays import service as workdays

PUBLIC_ID_BYTES = 12
OVER = "这次调查已经截止，没有投入。"
STILL_OPEN = "调查还没有截止，截止后才有结果。"
COUNTING = "调查已经截止，正在开箱计票，请过几分钟再看。"
TOO_FEW = "回收的答卷少于5份，为保护填写人不显示结果，答卷已经销毁。"
ALIKE = "全部答卷在总体满意度上选了同一项，为保护填写人不显示数值。"


@dataclass(frozen=True, kw_only=True)
class SurveyResult:
    """What the room that had a survey opened may tell of it.

    `n` is None while it is open or hidden. `response_rate` and `satisfied_share` (满意+很满意) are
    per cent with one place, `mean` is from 1 to 5 with two. `hidden_reason` is a Chinese sentence
    where there are no figures, and empty where they are shown.
    """

    public_id: str
    title: str
    is_closed: bool
    invited: int
    n: int | None
    response_rate: Decimal | None
    mean: Decimal | None
    satisfied_share: Decimal | None
    hidden_reason: str


def open_for(
    *,
    source: str,
    source_id: int,
    title: str,
    person_ids: Collection[int],
    opened_by_id: int | None,
) -> int | None:
    """Open an anonymous survey for exactly these persons, in the open write; gives its id.

    Once for a source: asked again, it gives the one that there is. None where fewer than five
    persons would be asked or no questionnaire is in use: then there is no survey.
    """
    found = get_by_source(source, source_id)
    if found is not None:
        return found.id
    asked, questionnaire = sorted(set(person_ids)), get_in_use()
    if questionnaire is None or len(asked) < LEAST:
        return None
    groups = groups_of(asked) if questionnaire.is_by_department else {}
    survey = Survey(
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        source=source,
        source_id=source_id,
        title=title[:LONGEST_TITLE],
        questionnaire_id=questionnaire.id,
        questions=questionnaire.questions,
        groups=sorted(dict.fromkeys(groups.values()), key=OTHERS.__eq__),
        invited=len(asked),
        opened_by_id=opened_by_id,
        opened_at=clock.now(),
        closes_at=workdays.get_deadline(received=clock.now(), days=settings.get(OPEN_DAYS)).due,
    )
    db.session.add(survey)
    db.session.flush()
    db.session.add_all(
        SurveyRoll(survey_id=survey.id, person_id=each, group_label=groups.get(each, ""))
        for each in asked
    )
    log(AuditEvent.SURVEYS_OPENED, survey, opened_by_id, invited=survey.invited)
    return survey.id


def groups_of(person_ids: Sequence[int]) -> dict[int, str]:
    """Give under which department each person's ballot is told, in the hall's 序列.

    Departments with fewer than five go together as 其他部门, with the next smallest while those
    are fewer than five; nobody has a group where only one would be left.
    """
    rows = db.session.execute(
        select(Placement.person_id, Department.name)
        .join(Department, Department.id == Placement.department_id)
        .where(Placement.person_id.in_(person_ids), *placed(clock.today()))
        .order_by(Department.position)
    )
    homes: dict[int, str] = dict(rows.all())
    labels = {each: homes.get(each, OTHERS) for each in [*homes, *person_ids]}
    sizes = Counter(labels.values())
    small = {name for name, size in sizes.items() if size < LEAST or name == OTHERS}
    large = sorted(sizes.keys() - small, key=lambda name: (sizes[name], name))
    while small and large and sum(sizes[name] for name in small) < LEAST:
        small.add(large.pop(0))
    if len(large) + bool(small) < disclosure.LEAST_HIDDEN:
        return {}
    return {each: OTHERS if name in small else name for each, name in labels.items()}


def log(event: AuditEvent, survey: Survey, person_id: int | None, **data: object) -> None:
    """Write down what was done with a survey as a whole."""
    append(
        event,
        person_id=person_id,
        object_type="survey",
        object_id=survey.public_id,
        name=survey.title,
        **data,
    )


def get_by_source(source: str, source_id: int) -> Survey | None:
    """Give the survey about something."""
    found = select(Survey).where(Survey.source == source, Survey.source_id == source_id)
    return db.session.scalar(found)


def get_survey(public_id: str) -> Survey | None:
    """Give a survey by its address."""
    return db.session.scalar(select(Survey).where(Survey.public_id == public_id))


def get_in_use() -> Questionnaire | None:
    """Give the approved questionnaire from which surveys are opened now."""
    found = select(Questionnaire).where(Questionnaire.state == QuestionnaireState.IN_USE)
    return db.session.scalar(found)


def result_of(*, source: str, source_id: int) -> SurveyResult | None:
    """Give what may be told of the survey about something; None where there is none."""
    survey = get_by_source(source, source_id)
    return None if survey is None else result(survey)


def result(survey: Survey) -> SurveyResult:
    """Give what may be told of a survey in one line."""
    return results_of([survey])[0]


def results_of(surveys: Sequence[Survey]) -> list[SurveyResult]:
    """Give what may be told of each of some surveys."""
    told = overalls_of([each for each in surveys if each.is_shown])
    return [write_result(each, told.get(each.id)) for each in surveys]


def write_result(survey: Survey, overall: Overall | None) -> SurveyResult:
    """Write one; without figures it has none."""
    return SurveyResult(
        public_id=survey.public_id,
        title=survey.title,
        is_closed=survey.closes_at <= clock.now(),
        invited=survey.invited,
        n=overall.n if overall else None,
        response_rate=overall.response_rate if overall else None,
        mean=overall.mean if overall else None,
        satisfied_share=overall.satisfied_share if overall else None,
        hidden_reason=hidden_reason(survey, overall.level if overall else None),
    )


def hidden_reason(survey: Survey, level: disclosure.Level | None) -> str:
    """Say why a survey has no figures; empty where it has."""
    if survey.closes_at > clock.now():
        return STILL_OPEN
    if survey.counted is None:
        return COUNTING
    if level is None or level is disclosure.Level.HIDDEN:
        return TOO_FEW
    return ALIKE if level is disclosure.Level.CONCENTRATED else ""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A survey that somebody is asked to answer, and whether his ballot is in."""

    survey: Survey
    group_label: str
    has_answered: bool


def list_open_for(person_id: int) -> list[Invitation]:
    """Give the surveys that somebody may still answer, by their end."""
    found = db.session.execute(
        select(Survey, SurveyRoll)
        .join(SurveyRoll, SurveyRoll.survey_id == Survey.id)
        .where(
            SurveyRoll.person_id == person_id,
            SurveyRoll.has_answered.is_(False),
            Survey.closed_at.is_(None),
            Survey.closes_at > clock.now(),
        )
        .order_by(Survey.closes_at, Survey.id)
    ).all()
    return [
        Invitation(survey=survey, group_label=roll.group_label, has_answered=False)
        for survey, roll in found
        if not urn.holds_name(survey.public_id, person_id)
    ]


def get_invitation(public_id: str, person_id: int) -> Invitation | None:
    """Give a survey that somebody was asked to answer; None for one that he was not."""
    row = db.session.execute(
        select(Survey, SurveyRoll)
        .join(SurveyRoll, SurveyRoll.survey_id == Survey.id)
        .where(Survey.public_id == public_id, SurveyRoll.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    survey, roll = row
    return Invitation(
        survey=survey,
        group_label=roll.group_label,
        has_answered=roll.has_answered or urn.holds_name(public_id, person_id),
    )


def cast(*, public_id: str, person_id: int, filled: Filled) -> bool:
    """Put a ballot into the urn, once for each person; not inside a write.

    False where his ballot is in already: the first one counts, and nobody can find it again. Raises
    RefusedError where the survey is over or was not opened for him.
    """
    with urn.opened() as box:
        # The lock is held: what the database says now stays true until the block has ended.
        db.session.close()
        invited = get_invitation(public_id, person_id)
        if invited is None or is_over(invited.survey, clock.now()):
            raise RefusedError(form=OVER)
        if invited.has_answered or box.has_name(public_id, person_id):
            return False
        box.put(public_id, person_id, content_of(filled, invited.group_label))
    return True


def is_over(survey: Survey, now: datetime) -> bool:
    """Tell whether nothing more can be put in."""
    return survey.closed_at is not None or survey.closes_at <= now


def content_of(filled: Filled, group_label: str) -> dict[str, Any]:
    """Give a ballot as it waits: each answer in words already has a drawn key of its own."""
    return {
        "group": group_label,
        "chosen": filled.chosen,
        "written": [[urn.draw_key(), code, body] for code, body in filled.written.items()],
    }


def close_due() -> None:
    """Close what is over and take it out of the urn; the worker calls it.

    Whether a survey is over is told from its time: nothing rests on this but its figures. After a
    crash between the database and the urn the next call finishes what was begun.
    """
    due = select(Survey.public_id).where(
        Survey.closed_at.is_(None), Survey.closes_at <= clock.now()
    )
    for public_id in db.session.scalars(due).all():
        close(public_id)
    sweep()


def close(public_id: str) -> None:
    """Release names and ballots in one transaction, and only then empty the urn."""
    with urn.opened() as box:
        names, ballots = box.read_names(public_id), box.read_ballots(public_id)
        with db.write():
            settle(public_id, names, ballots)
        box.empty(public_id)


def sweep() -> None:
    """Destroy in the urn what has been released, or belongs to no survey of this database."""
    with urn.opened() as box:
        db.session.close()
        for public_id in box.list_surveys():
            found = select(Survey).where(Survey.public_id == public_id)
            survey = db.session.scalar(found)
            if survey is None or survey.closed_at is not None:
                box.empty(public_id)


def settle(public_id: str, names: Sequence[int], ballots: Sequence[urn.WaitingBallot]) -> None:
    """Write down the end of a survey, in the open write; nothing where that was done.

    Names and ballots come in two orders that were drawn apart. Fewer than five are not kept.
    """
    survey = db.session.scalars(
        select(Survey).where(Survey.public_id == public_id).with_for_update()
    ).one()
    if survey.closed_at is not None:
        return
    if len(names) != len(ballots):
        message = f"the urn holds {len(names)} names and {len(ballots)} ballots of one survey"
        raise RuntimeError(message)
    survey.closed_at, survey.counted = clock.now(), len(ballots)
    if survey.is_shown:
        release(survey, names, ballots)
    log(AuditEvent.SURVEYS_CLOSED, survey, None, counted=survey.counted)


def release(survey: Survey, names: Sequence[int], ballots: Sequence[urn.WaitingBallot]) -> None:
    """Mark the roll and add the ballots; answers in words only where there are enough of them."""
    for person_id in names:
        db.session.execute(
            update(SurveyRoll)
            .where(SurveyRoll.survey_id == survey.id, SurveyRoll.person_id == person_id)
            .values(has_answered=True)
        )
    asked = questions_of(survey)
    read = [(each.id, json.loads(each.content)) for each in ballots]
    given = [(content["group"], content["chosen"]) for _, content in read]
    rows = [
        {"id": key, "survey_id": survey.id, "group_label": group, "answers": content["chosen"]}
        for (key, content), group in zip(read, pool(survey.groups, asked[0], given), strict=True)
    ]
    db.session.execute(db.insert(SurveyBallot).values(rows).on_conflict_do_nothing())
    kept = kept_in_words(asked, [chosen for _, chosen in given])
    comments = [
        {"id": key, "survey_id": survey.id, "question": code, "body": body}
        for _, content in read
        for key, code, body in content["written"]
        if code in kept
    ]
    if comments:
        found = db.insert(SurveyComment).values(urn.shuffled(comments))
        db.session.execute(found.on_conflict_do_nothing())


def kept_in_words(
    asked: Sequence[questions.Question], ballots: Sequence[questions.Chosen]
) -> set[str]:
    """Give the questions whose answers in words are kept: those that enough people were asked.

    What is written under a condition tells how its writer answered the question before it.
    """
    return {
        each.code
        for each in asked
        if sum(questions.is_asked(each, one) for one in ballots) >= disclosure.LEAST_FOR_SPREAD
    }


def questions_of(survey: Survey) -> list[questions.Question]:
    """Give what a survey asks."""
    return questions.load(survey.questions)
