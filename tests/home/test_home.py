"""The home page."""

import pytest


@pytest.mark.db
@pytest.mark.parametrize("who", ["staff", "other", "clerk", "chief"])
def test_everybody_has_a_home_page(browse, who):
    page = browse(who).get("/")
    assert "现在没有需要你办的事" in page.text
