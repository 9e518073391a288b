"""The log as a chain of hashes, its head, its cuts and its verifications.

What stands in the log is chained in its order; from here on nobody can change it alone.
"""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "004"
down_revision = "003"

KEPT = "seq, at, event, person_id, request_id, address, object_type, object_id, data"
GENESIS = "0" * 64
BATCH = 1000
FAILED = {"accounts.sign_in_failed"}


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    op.execute(f"CREATE TABLE audit_entry_kept AS SELECT {KEPT} FROM audit_entry")  # noqa: S608
    op.drop_table("audit_entry")
    create_entry()
    create_head()
    create_cut()
    create_verification()
    seq, last = chain_kept()
    op.get_bind().execute(
        sa.text("INSERT INTO audit_head (id, seq, hash) VALUES (1, :seq, :hash)"),
        {"seq": seq, "hash": last},
    )
    op.drop_table("audit_entry_kept")


def chain_kept() -> tuple[int, str]:
    """Put back what was kept, numbered without gaps and chained; gives the head."""
    connection = op.get_bind()
    seq, old, last = 0, -1, GENESIS
    while rows := read_batch(connection, old):
        chained = []
        for row in rows:
            seq, old = seq + 1, row["seq"]
            entry = {
                **row,
                "seq": seq,
                "acted_as": "",
                "result": "failed" if row["event"] in FAILED else "done",
                "prev_hash": last,
            }
            last = digest(entry)
            chained.append({**entry, "hash": last})
        connection.execute(INSERT, chained)
    return seq, last


def read_batch(connection: sa.Connection, after: int) -> list[dict[str, object]]:
    """Read the next entries as they are stored."""
    rows = connection.execute(
        sa.text(
            f"SELECT {KEPT} FROM audit_entry_kept"  # noqa: S608 - our own words.
            " WHERE seq > :after ORDER BY seq LIMIT :batch"
        ),
        {"after": after, "batch": BATCH},
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it.


INSERT = sa.text(
    "INSERT INTO audit_entry (seq, at, event, person_id, acted_as, request_id, address,"
    " object_type, object_id, result, data, prev_hash, hash) VALUES (:seq, :at, :event,"
    " :person_id, :acted_as, :request_id, :address, :object_type, :object_id, :result, :data,"
    " :prev_hash, :hash)"
)


def digest(entry: dict[str, object]) -> str:
    """Hash an entry as app/audit/chain.py does; written out, because that may change one day."""
    at = entry["at"]
    text = (
        at.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(at, datetime)
        else str(at).replace(" ", "T", 1) + "+00:00"
    )
    body = json.dumps(
        {**entry, "at": text}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(body.encode()).hexdigest()


def create_entry() -> None:
    """Make the table of entries."""
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("acted_as", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "done",
                "refused",
                "failed",
                name="result_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("data", types.Json(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_audit_entry_person_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_event_at", "audit_entry", ["event", "at"])
    op.create_index("ix_audit_entry_person_id", "audit_entry", ["person_id"])
    op.create_index("ix_audit_entry_request_id", "audit_entry", ["request_id"])


def create_head() -> None:
    """Make the table of the head."""
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_audit_head_seq_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )


def create_cut() -> None:
    """Make the table of cuts."""
    op.create_table(
        "audit_cut",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("older_than", types.UtcDateTime(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_cut_seq_counts")),
        sa.CheckConstraint("older_than < at", name=op.f("ck_audit_cut_older_than_past")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_cut")),
    )


def create_verification() -> None:
    """Make the table of verifications."""
    op.create_table(
        "audit_verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "intact",
                "altered",
                "missing",
                "truncated",
                "head_mismatch",
                name="verdict_valid",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("broken_at", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "checked >= 0 AND last_seq >= 0", name=op.f("ck_audit_verification_figures_count")
        ),
        sa.CheckConstraint(
            "verdict <> 'intact' OR broken_at IS NULL",
            name=op.f("ck_audit_verification_intact_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["person.id"], name=op.f("fk_audit_verification_ordered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_verification")),
    )
