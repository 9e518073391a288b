"""Numbers of papers: gapless within a series and a year."""

from datetime import date

import pytest

from app.kernel import db
from app.kernel.forms import RefusedError
from app.workflow import numbering

ON = date(2026, 11, 20)


@pytest.mark.db
def test_numbers_count_within_a_series_and_a_year(app):
    with app.app_context():
        with db.write():
            found = [numbering.next_number("优建", on=ON) for _ in range(2)]
        with db.write():
            found.append(numbering.next_number("整改", on=ON))
            found.append(numbering.next_number("优建", on=date(2027, 1, 4)))
            found.append(numbering.next_number("优建", on=ON))
        assert found == [
            "优建2026-001",
            "优建2026-002",
            "整改2026-001",
            "优建2027-001",
            "优建2026-003",
        ]


@pytest.mark.db
def test_a_number_goes_with_the_write_that_needed_it(app):
    with app.app_context():
        with pytest.raises(RefusedError), db.write():
            numbering.next_number("优建", on=ON)
            raise RefusedError(form="不行。")
        with db.write():
            assert numbering.next_number("优建", on=ON) == "优建2026-001"
        assert numbering.last_number("优建", year=2026) == 1
