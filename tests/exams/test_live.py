"""The live board: who is how far, refreshed only when something has changed."""

from tests.accounts.factories import counted_queries  # noqa: F401
