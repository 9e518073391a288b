"""Verifying the chain: from the last cut to the head, entry by entry, beside the outside heads.

Four verdicts are told apart: an entry was altered, one is missing, the log was truncated, its head
or an outside head differs. It reads in batches, so that memory stays flat and nobody waits for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, String, Text, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from app.audit.chain import at_text, digest
from app.audit.heads import OutsideHead
from app.audit.models import GENESIS, AuditCut, AuditEntry, AuditEvent, AuditHead, Verdict
from app.kernel import db

BATCH = 2000
# How many cuts are looked at for one that the chain vouches for.
MOST_CUTS = 50

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong and at which entry."""

    verdict: Verdict
    at: int | None
    detail: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of one verification; `at` and `detail` say where and why unless it is intact."""

    verdict: Verdict
    at: int | None
    detail: str
    checked: int
    first: int
    last: int
    last_hash: str
    outside_heads: int
    cut: int | None


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Between what the chain is verified: what stood there when it began."""

    start: int
    start_hash: str
    end: int
    end_hash: str
    highest: int


@dataclass
class Walk:
    """How far the verification has come."""

    outside: Mapping[int, Sequence[OutsideHead]]
    previous: int
    previous_hash: str
    checked: int = field(default=0)

    def step(self, row: Row[Any]) -> Finding | None:
        """Look at the next entry; None where nothing is wrong with it."""
        if row.seq != self.previous + 1:
            return missing(self.previous + 1, row.seq - 1)
        if own_hash(row) != row.hash:
            return altered(row.seq)
        if row.prev_hash != self.previous_hash:
            return self.blame(row)
        for head in self.outside.get(row.seq, ()):
            if head.hash != row.hash:
                return mismatch(row.seq, f"第{row.seq}条与外存链头{head.name}不一致。")
        self.previous, self.previous_hash = row.seq, row.hash
        self.checked += 1
        return None

    def blame(self, row: Row[Any]) -> Finding:
        """Say which of two neighbours was replaced, both sound in themselves.

        What the next entry (or the head) builds on is genuine; then it was the one before.
        """
        follower = select(AuditEntry.prev_hash).where(AuditEntry.seq == row.seq + 1)
        ahead = db.session.scalar(follower)
        if ahead is None:
            ahead = db.session.scalar(select(AuditHead.hash).where(AuditHead.seq == row.seq))
        if ahead != row.hash or self.previous == 0:
            return altered(row.seq)
        if self.checked == 0:
            return mismatch(self.previous, f"第{row.seq}条与清理位置不相接。")
        return altered(self.previous)


def missing(first: int, last: int) -> Finding:
    return Finding(verdict=Verdict.MISSING, at=first, detail=f"缺少第{first}条至第{last}条。")


def altered(seq: int) -> Finding:
    return Finding(verdict=Verdict.ALTERED, at=seq, detail=f"第{seq}条被改动过。")


def truncated(first: int, why: str) -> Finding:
    return Finding(verdict=Verdict.TRUNCATED, at=first, detail=f"第{first}条起的记录不见了：{why}")


def mismatch(seq: int | None, detail: str) -> Finding:
    return Finding(verdict=Verdict.HEAD_MISMATCH, at=seq, detail=detail)


def check(outside: Sequence[OutsideHead], progress: Progress | None = None) -> Report:
    """Verify the whole chain, inside an application context; `outside` was read before the call.

    Entries that a purge takes away meanwhile are not missing: then it begins again.
    """
    while True:
        bounds = read_bounds()
        walk = Walk(
            outside=by_seq(outside),
            previous=bounds.start,
            previous_hash=bounds.start_hash,
        )
        found = examine(bounds, walk, outside, progress)
        if found is None or found.verdict is not Verdict.MISSING:
            return report(bounds, walk, found, len(outside))
        if vouched_cut() == (bounds.start, bounds.start_hash):
            return report(bounds, walk, found, len(outside))


def by_seq(outside: Sequence[OutsideHead]) -> dict[int, list[OutsideHead]]:
    """Put the heads under their entries; on a quiet day two stand on the same one."""
    found: dict[int, list[OutsideHead]] = {}
    for head in outside:
        found.setdefault(head.seq, []).append(head)
    return found


def report(bounds: Bounds, walk: Walk, found: Finding | None, heads: int) -> Report:
    """Put together what was found."""
    return Report(
        verdict=found.verdict if found else Verdict.INTACT,
        at=found.at if found else None,
        detail=found.detail if found else "每一条都与前一条相接，没有改动、缺失或截断。",
        checked=walk.checked,
        first=bounds.start + 1,
        last=bounds.end,
        last_hash=bounds.end_hash,
        outside_heads=heads,
        cut=bounds.start or None,
    )


def examine(
    bounds: Bounds, walk: Walk, outside: Sequence[OutsideHead], progress: Progress | None
) -> Finding | None:
    """Look at the start, at every entry, then at the end."""
    for head in outside:
        if head.seq == bounds.start and head.hash != bounds.start_hash:
            return mismatch(head.seq, f"清理位置与外存链头{head.name}不一致。")
    total = max(0, bounds.end - bounds.start)
    for rows in batches(bounds):
        for row in rows:
            found = walk.step(row)
            if found:
                return found
        if progress is not None:
            progress(min(walk.checked, total), total)
    return examine_end(bounds, walk, outside)


def examine_end(bounds: Bounds, walk: Walk, outside: Sequence[OutsideHead]) -> Finding | None:
    """Compare where the chain ends with where its head and the outside heads say it ends."""
    if walk.previous < bounds.end:
        return truncated(walk.previous + 1, f"链头记着第{bounds.end}条。")
    if bounds.highest > bounds.end:
        return mismatch(bounds.end + 1, f"链头只到第{bounds.end}条，后面还有不经链头写入的记录。")
    if walk.previous_hash != bounds.end_hash:
        return mismatch(bounds.end, f"第{bounds.end}条与链头不一致。")
    for head in sorted(outside, key=lambda each: (not each.is_readable, each.seq)):
        if head.seq > bounds.end:
            return truncated(bounds.end + 1, f"外存链头{head.name}记着第{head.seq}条。")
        if not head.is_readable:
            return mismatch(None, f"外存链头{head.name}读不出来。")
    return None


def read_bounds() -> Bounds:
    """Read the head and the highest entry in one statement, and where the chain begins."""
    highest = select(func.max(AuditEntry.seq)).scalar_subquery()
    found = db.session.execute(select(AuditHead.seq, AuditHead.hash, highest)).one_or_none()
    start, start_hash = vouched_cut()
    end, end_hash, top = found or (0, "", db.session.scalar(select(func.max(AuditEntry.seq))))
    return Bounds(
        start=start, start_hash=start_hash, end=end, end_hash=end_hash, highest=top or start
    )


def vouched_cut() -> tuple[int, str]:
    """Give the last cut that an entry of the chain repeats; without one, the very beginning.

    A cut that nobody vouches for was put there to hide what was deleted.
    """
    cuts = select(AuditCut.seq, AuditCut.hash).order_by(AuditCut.seq.desc()).limit(MOST_CUTS)
    for seq, hash_ in db.session.execute(cuts).all():
        told = db.session.execute(
            select(type_coerce(AuditEntry.data, Text)).where(
                type_coerce(AuditEntry.event, String) == AuditEvent.AUDIT_PURGED.value,
                AuditEntry.object_id == str(seq),
                AuditEntry.seq > seq,
            )
        ).scalars()
        if any(f'"hash":"{hash_}"' in text for text in told):
            return seq, hash_
    return 0, GENESIS


RAW: dict[str, InstrumentedAttribute[Any]] = {
    name: getattr(AuditEntry, name)
    for name in (
        "at", "event", "person_id", "acted_as", "request_id", "address", "object_type",
        "object_id", "result", "data",
    )
}  # fmt: skip


def batches(bounds: Bounds) -> Iterator[Sequence[Any]]:
    """Read the entries as they are stored, in order; each batch is a read of its own."""
    columns = [type_coerce(column, String).label(name) for name, column in RAW.items()]
    statement = select(AuditEntry.seq, AuditEntry.prev_hash, AuditEntry.hash, *columns).order_by(
        AuditEntry.seq
    )
    after = bounds.start
    while True:
        rows = db.session.execute(
            statement.where(AuditEntry.seq > after, AuditEntry.seq <= bounds.end).limit(BATCH)
        ).all()
        if not rows:
            return
        after = rows[-1].seq
        yield rows


def own_hash(row: Row[Any]) -> str:
    """Hash an entry anew from what is stored; '' for what no entry of ours can hold."""
    fields = {name: getattr(row, name) for name in RAW}
    try:
        return digest({**fields, "seq": row.seq, "at": at_text(row.at)}, row.prev_hash)
    except (AttributeError, TypeError, ValueError):
        return ""
