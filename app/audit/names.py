"""Names of persons: they are kept above this room, so it asks for them through sockets."""

from collections.abc import Collection, Mapping

from flask import current_app

from app.kernel.feature import features


def person_names(person_ids: Collection[int]) -> Mapping[int, str]:
    """Give names with 工号, as far as anybody knows these persons."""
    found: dict[int, str] = {}
    for room in features(current_app):
        if room.person_names is not None:
            found.update(room.person_names(person_ids))
    return found


def find_persons(word: str) -> set[int]:
    """Give the ids of persons whose name or 工号 holds a word."""
    found: set[int] = set()
    for room in features(current_app):
        if room.find_persons is not None:
            found.update(room.find_persons(word))
    return found
