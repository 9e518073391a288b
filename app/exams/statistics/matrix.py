"""The score matrix: who got how many marks of which item, exact.

Marks are scaled to whole numbers, so that every sum is exact and only the last division rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Score = int | None
"""Marks in units of `Matrix.unit`; None where the item was not put to this person."""


class BadMatrixError(ValueError):
    """The scores are no matrix; the message says in Chinese which cell and what to do."""


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """`rows` by attempt, each as long as `items`; `full` are the maximum marks.

    All marks are whole multiples of `unit`.
    """

    items: Sequence[str]
    full: Sequence[int]
    rows: Sequence[Sequence[Score]]
    unit: Fraction

    @classmethod
    def of(
        cls,
        items: Sequence[str],
        full: Sequence[Decimal],
        rows: Sequence[Sequence[Decimal | None]],
    ) -> "Matrix":
        """Build a matrix of marks, at any precision."""
        cells = [*full, *(cell for row in rows for cell in row if cell is not None)]
        places = max((decimal_places(cell) for cell in cells), default=0)

        def scaled(cell: Decimal | None) -> Score:
            return None if cell is None else int(cell.scaleb(places))

        return cls(
            items=items,
            full=[int(cell.scaleb(places)) for cell in full],
            rows=[[scaled(cell) for cell in row] for row in rows],
            unit=Fraction(1, 10**places),
        )

    @property
    def is_complete(self) -> bool:
        """Tell whether every item was put to everybody: only then items can be held together."""
        return all(cell is not None for row in self.rows for cell in row)

    @property
    def totals(self) -> list[int]:
        """Give each person's marks over all items that he was asked."""
        return [sum(cell for cell in row if cell is not None) for row in self.rows]


def decimal_places(cell: Decimal) -> int:
    """Count the digits behind the point."""
    exponent = cell.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
