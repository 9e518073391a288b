"""Charts: geometry only, one source for page and paper; `templates/_macros/chart.html` draws it.

A chart is never the only way to a figure: its table stands beside it, and a sentence says what it
shows. Nothing is told by colour alone: a missing value is a gap with its word. The edges are drawn
as they are: no value, one, all the same.
"""

from app.kernel.charts.bars import LONGEST_LABEL, Bars, bars
from app.kernel.charts.histogram import Histogram, histogram
from app.kernel.charts.line import Line, line
from app.kernel.charts.radar import Radar, radar
from app.kernel.charts.values import MISSING, Value

__all__ = [
    "LONGEST_LABEL", "MISSING", "Bars", "Histogram", "Line", "Radar", "Value", "bars", "histogram",
    "line", "radar",
]  # fmt: skip
