"""What an answer to a question may be, by its kind. Stand-in until the colleague's is merged."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.questions.kinds import QuestionKind

MOST = {
    QuestionKind.BLANK: 200,
    QuestionKind.NUMERIC: 200,
    QuestionKind.SHORT: 2000,
    QuestionKind.ESSAY: 10_000,
}


@dataclass(frozen=True, kw_only=True)
class AnswerShape:
    """What an answer to one question may be."""

    kind: QuestionKind
    labels: tuple[str, ...] = ()
    blank_count: int = 0

    def tidy(self, sent: Sequence[str]) -> list[str]:
        """Give an answer as it is stored; empty where nothing was said."""
        if self.kind not in MOST:
            return sorted(sent)
        texts = [text.replace("\r\n", "\n").strip() for text in sent]
        return texts if any(texts) else []

    def fits(self, sent: Sequence[str]) -> bool:
        """Tell whether an answer can belong to the question."""
        if self.kind in MOST:
            count = self.blank_count or 1
            return not sent or (
                len(sent) == count
                and all(len(text.replace("\r\n", "\n")) <= MOST[self.kind] for text in sent)
            )
        is_one_too_many = len(sent) > 1 and self.kind is not QuestionKind.MULTIPLE
        is_repeated = len(set(sent)) != len(sent)
        return set(self.labels).issuperset(sent) and not is_repeated and not is_one_too_many

    def is_answered(self, chosen: Sequence[str]) -> bool:
        """Tell whether an answer says anything."""
        return any(chosen)
