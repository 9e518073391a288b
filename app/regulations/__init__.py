"""制度与岗位廉政风险点: rules with their articles, who must read which, and who confirmed it."""

from app.kernel.feature import Feature

FEATURE = Feature(name="regulations")
