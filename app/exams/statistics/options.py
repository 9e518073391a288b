"""What is told of each option of a choice: who chose it, the strong or the weak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.exams.statistics.moments import correlation


@dataclass(frozen=True, kw_only=True)
class OptionFigures:
    """How often an option was chosen, and how choosing it goes with the rest of one's marks.

    `share` is a plain fraction of those asked; `point_biserial` lies between -1 and 1, and is None
    where nobody or everybody chose it.
    """

    label: str
    is_key: bool
    count: int
    share: float | None
    point_biserial: float | None


def analyse_options(
    labels: Sequence[str],
    key: Sequence[str],
    chosen: Mapping[int, Sequence[str]],
    rest: Mapping[int, int],
) -> list[OptionFigures]:
    """Give the figures of each option; `rest` holds o of everybody asked, by his number."""
    people = list(rest)
    others = [rest[person] for person in people]
    figures = []
    for label in labels:
        picked = [int(label in chosen.get(person, ())) for person in people]
        figures.append(
            OptionFigures(
                label=label,
                is_key=label in key,
                count=sum(picked),
                share=sum(picked) / len(picked) if picked else None,
                point_biserial=correlation(picked, others),
            )
        )
    return figures
