"""满意度调查: asked of those who took part, anonymous by construction."""

from app.kernel.feature import Feature

FEATURE = Feature(name="surveys")
