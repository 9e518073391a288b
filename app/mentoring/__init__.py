"""师徒结对: a pair from its agreement to 出师, and the authorisation that it ends in."""

from app.kernel.feature import Feature

FEATURE = Feature(name="mentoring")
