"""错误率高的知识点: of an exam, by the words that the bank has for its questions.

"错误率高的知识点前五 with 依据". A question counts for each of its words; one that was made void
for none, and a word with few answers is left out: it would speak of the few who gave them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from app.exams.advice import ItemFlag
from app.exams.models import Exam, ItemAnalysis, PaperKey
from app.exams.service.figures import LEAST
from app.kernel import db
from app.questions.models import QuestionTag

MOST = 5
MOST_BASES = 2


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One 知识点: answers to its questions, how many of them wrong, and what they rest on."""

    name: str
    asked: int
    wrong: int
    # Of its questions, those with the most wrong answers first.
    bases: Sequence[str]

    @property
    def share(self) -> float:
        """Give the wrong answers as a share of all, 0 to 1."""
        return self.wrong / self.asked


def read_topics(exam: Exam) -> list[Topic]:
    """Give the 知识点 of an exam in the run that counts, the one with the most errors first."""
    is_key = and_(PaperKey.exam_id == ItemAnalysis.exam_id, PaperKey.number == ItemAnalysis.number)
    rows = db.session.execute(
        select(QuestionTag.tag, ItemAnalysis.n, ItemAnalysis.wrong, PaperKey.basis)
        .select_from(ItemAnalysis)
        .join(PaperKey, is_key)
        .join(QuestionTag, QuestionTag.question_id == ItemAnalysis.question_id)
        .where(
            ItemAnalysis.exam_id == exam.id,
            ItemAnalysis.run == exam.graded_run,
            ItemAnalysis.flag != ItemFlag.VOID,
        )
        .order_by(QuestionTag.tag, ItemAnalysis.number)
    )
    found: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for tag, asked, wrong, basis in rows:
        found[tag].append((asked, wrong, basis))
    topics = [topic_of(name, questions) for name, questions in found.items()]
    known = [each for each in topics if each.asked >= LEAST]
    return sorted(known, key=lambda each: (-each.share, -each.asked, each.name))


def topic_of(name: str, questions: Sequence[tuple[int, int, str]]) -> Topic:
    """Add the questions of a 知识点 up."""
    missed = sorted(questions, key=lambda each: -each[1])
    return Topic(
        name=name,
        asked=sum(asked for asked, _, _ in questions),
        wrong=sum(wrong for _, wrong, _ in questions),
        bases=list(dict.fromkeys(basis for _, _, basis in missed))[:MOST_BASES],
    )


def list_worst(exam: Exam) -> list[Topic]:
    """Give the five that the 成绩通报 names: those with the most errors, where there are any."""
    return [each for each in read_topics(exam) if each.wrong][:MOST]
