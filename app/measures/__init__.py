"""任务分解表: the measures of both plans with indicator, target, readings and lights."""

from app.kernel.feature import Feature

FEATURE = Feature(name="measures")
