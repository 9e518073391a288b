"""三大课堂与窗口学习会: classes from their plan to what they achieved."""

from app.kernel.feature import Feature

FEATURE = Feature(name="training")
