"""Item and test statistics: a score matrix in, figures out; no database, no clock.

The definitions are those of the field (facility, discrimination index, discriminative efficiency,
effective weight, Cronbach's alpha); `docs/statistics.md` has them with a sheet computed by hand. A
figure that is undefined is None, never 0; negative ones are normal on small or random data, and
are shown.
"""

from app.exams.statistics.items import ItemFigures, analyse_items
from app.exams.statistics.matrix import BadMatrixError, Matrix
from app.exams.statistics.options import OptionFigures, analyse_options
from app.exams.statistics.test import TestFigures, analyse_test

__all__ = [
    "BadMatrixError",
    "ItemFigures",
    "Matrix",
    "OptionFigures",
    "TestFigures",
    "analyse_items",
    "analyse_options",
    "analyse_test",
]
