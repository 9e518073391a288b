"""The interval of a share: as published, and never outside of what a share can be."""

import pytest

from app.kernel.shares import wilson


def test_wilson_gives_the_published_interval():
    low, high = wilson(81, 263)
    # Newcombe 1998, table I: 81 of 263, score method: 0.2553 to 0.3662.
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize("whole", [1, 5, 10, 29, 600])
def test_none_and_all_stay_within_nought_and_one(whole):
    assert 0.0 <= wilson(0, whole)[0] < 1e-9
    assert 1 - 1e-9 < wilson(whole, whole)[1] <= 1.0
