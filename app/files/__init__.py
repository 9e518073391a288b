"""Files by the hash of their content: produced documents now, uploads when the first room has some."""

from app.kernel.feature import Feature

FEATURE = Feature(name="files")
