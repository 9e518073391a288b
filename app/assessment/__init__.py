"""季度考核与个人数字化考核画像: read from evidence only, each point with its record."""

from app.kernel.feature import Feature

FEATURE = Feature(name="assessment")
