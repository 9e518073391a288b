"""Files by the hash of their content: produced documents now, uploads with their first user."""

from app.kernel.feature import Feature

FEATURE = Feature(name="files")
