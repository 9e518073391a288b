"""Questions of a file become questions of the bank, some at a time, each of them once.

"a question is never created with a guessed key": only what nobody doubts is taken by itself.
Questions with a shared stem stay together, however many writes they come in.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

from app.files import images
from app.files import service as files
from app.kernel.permissions import Principal
from app.questions import service
from app.questions.imports.conversion import Audience, content_of, group_name
from app.questions.parsing.result import Group, ParsedQuestion

# How many questions one write takes in: others wait meanwhile.
AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A picture that was drawn anew and lies in the store, not yet with a row."""

    marker: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where the questions of a file go, and whose they are."""

    bank: str
    audience: Audience
    user: Principal | None


def draw_pictures(question: ParsedQuestion) -> list[Drawn]:
    """Draw a question's pictures anew and store them; raises RefusedError. Not inside a write."""
    return [draw(each.marker, each.content) for each in question.pictures]


def draw(marker: str, content: bytes) -> Drawn:
    """Draw one picture anew and store it."""
    fresh = images.draw_anew(content)
    return Drawn(marker=marker, sha256=files.put_content(fresh), size=len(fresh))


def add_picture(drawn: Drawn) -> int:
    """Add the row of a picture to the open write; returns its id."""
    return files.add_file(
        sha256=drawn.sha256,
        size=drawn.size,
        media_type=images.MEDIA_TYPE,
        name=f"{drawn.marker.strip('[]')}.jpg",
    ).id


def take(
    question: ParsedQuestion,
    *,
    to: Destination,
    groups: MutableMapping[str, int],
    pictures: Mapping[str, int],
) -> int:
    """Add a question that was read to the bank, in the open write; returns its id.

    `groups` are the shared stems of the file that are there already, by name; it grows.
    """
    content = content_of(
        question,
        audience=to.audience,
        group_id=group_of(question.group, groups, user=to.user),
        pictures=pictures,
    )
    place = service.Place(bank=to.bank, tags=question.tags)
    return service.create_question(content=content, user=to.user, place=place)


def group_of(
    group: Group | None, groups: MutableMapping[str, int], *, user: Principal | None
) -> int | None:
    """Give the group of the bank for a shared stem of the file, added where it is not there."""
    if group is None:
        return None
    name = group_name(group)
    if name not in groups:
        person_id = user.person_id if user else None
        groups[name] = service.add_group(stem=group.stem, created_by_id=person_id)
    return groups[name]
