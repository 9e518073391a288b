"""Somebody at the database file (AL4): each random tampering is located at the right entry.

A thousand with `--long`, thirty without. `SEED=...` repeats a run: round n draws from SEED + n.
"""

import os
import random
import shutil
import sqlite3
import time

import pytest

from app.audit import heads
from app.audit.chain import at_text, digest
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from tests.audit.factories import head, outcome, write

SEED = int(os.environ.get("SEED", time.time()))
COLUMNS = tuple(AuditEntry.__table__.columns.keys())
HASHES = {"hash", "prev_hash"}
# What may be changed with a hash that fits afterwards.
CONTENT = tuple(name for name in COLUMNS if name not in {"seq", *HASHES})
CHARACTERS = "0aZ 。é\t"
# Behind the end, where numbers are free.
FAR = 1000


class Vandal:
    """Somebody with the database file, without its triggers and checks; draws from a seed.

    Each act gives what it did, and the verdict and the entry that a verification must name.
    """

    def __init__(self, path, seed):
        self.draw = random.Random(seed)
        self.connection = sqlite3.connect(path)
        self.connection.row_factory = sqlite3.Row
        self.do("PRAGMA foreign_keys=OFF")
        self.do("PRAGMA ignore_check_constraints=ON")
        for (name,) in self.do("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.do(f'DROP TRIGGER "{name}"')
        self.last = self.do("SELECT seq FROM audit_head").fetchone()[0]

    def do(self, sql, **values):
        return self.connection.execute(sql, values)

    def close(self):
        self.connection.commit()
        self.connection.close()

    def entry(self, seq):
        return dict(self.do("SELECT * FROM audit_entry WHERE seq = :s", s=seq).fetchone())

    def put(self, entry, *, at=None):
        """Write an entry in the place of another, or as a new one."""
        names = ", ".join(COLUMNS)
        marks = ", ".join(f":{name}" for name in COLUMNS)
        if at is not None:
            self.do("DELETE FROM audit_entry WHERE seq = :s", s=at)
        self.do(f"INSERT INTO audit_entry ({names}) VALUES ({marks})", **entry)  # noqa: S608

    def move_head(self, seq, hash_):
        self.do("UPDATE audit_head SET seq = :s, hash = :h", s=seq, h=hash_)

    def other(self, value):
        """Give another value of the same kind: one character or bit changed."""
        if value is None:
            return 1
        if isinstance(value, int):
            return value ^ (1 << self.draw.randrange(8))
        if not value:
            return "x"
        place = self.draw.randrange(len(value))
        kind = self.draw.choice(["put", "drop", "change"])
        if kind == "drop":
            return value[:place] + value[place + 1 :]
        character = self.draw.choice([c for c in CHARACTERS if c != value[place]])
        return value[:place] + character + value[place + (kind == "change") :]

    def change(self):
        """Change one column of an entry, whichever; only its number is changed to a free one."""
        seq, name = self.draw.randint(1, self.last), self.draw.choice(COLUMNS)
        if name == "seq":
            return self.renumber(seq)
        entry = self.entry(seq)
        entry[name] = self.other(entry[name])
        self.put(entry, at=seq)
        return f"change {name} of {seq}", "altered", seq

    def renumber(self, seq):
        """Give an entry a number far behind the end, or before the beginning."""
        to = self.draw.choice([self.last + self.draw.randint(1, FAR), 0, -seq])
        self.do("UPDATE audit_entry SET seq = :to WHERE seq = :s", to=to, s=seq)
        return f"renumber {seq} as {to}", "truncated" if seq == self.last else "missing", seq

    def forge(self):
        """Change an entry and give it the hash that fits: its neighbours give it away."""
        seq, entry = self.forged()
        entry["hash"] = fitting_hash(entry)
        self.put(entry, at=seq)
        return f"forge {seq}", "head_mismatch" if seq in self.kept else "altered", seq

    def forged(self):
        """Draw an entry, and change what it says."""
        seq, name = self.draw.randint(1, self.last), self.draw.choice(CONTENT)
        entry = self.entry(seq)
        entry[name] = f"{entry[name]}0" if name == "at" else self.other(entry[name])
        return seq, entry

    def rehang(self):
        """Let an entry follow another one than it did, with the hash that fits."""
        seq = self.draw.randint(2, self.last)
        entry = self.entry(seq)
        entry["prev_hash"] = self.entry(self.draw.choice([*range(1, seq - 1), seq]))["hash"]
        entry["hash"] = fitting_hash(entry)
        self.put(entry, at=seq)
        return f"rehang {seq}", "altered", seq

    def rewrite(self):
        """Forge an entry and chain all after it anew, the head too: outside heads remain."""
        seq, entry = self.forged()
        before = entry["prev_hash"]
        for each in range(seq, self.last + 1):
            entry = entry if each == seq else self.entry(each)
            entry["prev_hash"] = before
            entry["hash"] = before = fitting_hash(entry)
            self.put(entry, at=each)
        self.move_head(self.last, before)
        return f"rewrite from {seq}", "head_mismatch", min(k for k in self.kept if k >= seq)

    def delete(self):
        """Take entries out of the middle, or from the beginning."""
        first = self.draw.randint(1, self.last - 1)
        count = self.draw.randint(1, min(3, self.last - first))
        self.do("DELETE FROM audit_entry WHERE seq BETWEEN :a AND :b", a=first, b=first + count - 1)
        return f"delete {count} from {first}", "missing", first

    def insert(self):
        """Put an entry between two, all after it one place further, head included.

        With a hash that fits it is sound in itself; then the one that it pushed away is not.
        """
        seq, is_fitting = self.draw.randint(1, self.last), self.draw.choice([True, False])
        model = self.entry(seq)
        self.do("UPDATE audit_entry SET seq = -seq - 1 WHERE seq >= :s", s=seq)
        self.do("UPDATE audit_entry SET seq = -seq WHERE seq < 0")
        new = {**model, "address": "203.0.113.7"}
        if is_fitting:
            new["hash"] = fitting_hash(new)
        self.put(new)
        self.do("UPDATE audit_head SET seq = seq + 1")
        # A kept head of that very place is what it contradicts first.
        if is_fitting and seq in self.kept:
            return f"insert a sound {seq}", "head_mismatch", seq
        return f"insert {seq}, fitting: {is_fitting}", "altered", seq + is_fitting

    def append(self):
        """Put an entry behind the end, sound in itself, past the head."""
        end = self.entry(self.last)
        new = {**end, "seq": self.last + 1, "prev_hash": end["hash"]}
        self.put({**new, "hash": fitting_hash(new)})
        return "append", "head_mismatch", self.last + 1

    def swap(self):
        """Let two entries change their places."""
        one, other = sorted(self.draw.sample(range(1, self.last + 1), 2))
        self.do("UPDATE audit_entry SET seq = -1 WHERE seq = :a", a=one)
        self.do("UPDATE audit_entry SET seq = :a WHERE seq = :b", a=one, b=other)
        self.do("UPDATE audit_entry SET seq = :b WHERE seq = -1", b=other)
        return f"swap {one} and {other}", "altered", one

    def cut_off(self):
        """Take the end away and leave the head."""
        seq = self.draw.randint(1, self.last)
        self.do("DELETE FROM audit_entry WHERE seq >= :s", s=seq)
        return f"cut off from {seq}", "truncated", seq

    def cut_off_with_head(self):
        """Take the end away and let the head stand where it now ends: only outside heads know."""
        seq = self.draw.randint(2, self.last)
        self.do("DELETE FROM audit_entry WHERE seq >= :s", s=seq)
        self.move_head(seq - 1, self.entry(seq - 1)["hash"])
        return f"cut off from {seq} with head", "truncated", seq

    @property
    def kept(self):
        """The entries whose hashes were kept outside."""
        return (self.last // 2, self.last)


def fitting_hash(entry):
    """Hash an entry as the chain does, from what is stored."""
    fields = {name: entry[name] for name in (*CONTENT, "seq")}
    return digest({**fields, "at": at_text(entry["at"])}, entry["prev_hash"])


ACTS = (
    Vandal.change, Vandal.forge, Vandal.rehang, Vandal.rewrite, Vandal.delete, Vandal.insert,
    Vandal.append, Vandal.swap, Vandal.cut_off, Vandal.cut_off_with_head,
)  # fmt: skip


@pytest.fixture
def path(app, now):
    """Give the file of a log of every kind of entry; its middle and its end are kept outside."""
    with app.app_context():
        write(12, note="。", data={"a": [1, None, "x"]})
        half = head().seq
        now.move(days=-1)
        heads.write_daily_head()
        now.move(days=1)
        write(half, AuditEvent.RECORD_READ, person_id=None, object_type="")
        heads.write_daily_head()
        db.session.close()
        db.database.engine.dispose()
        assert [each.seq for each in heads.read_heads()] == [half, 2 * half]
    return app.config["SITE"].var / "db"


def test_random_tampering_of_the_file_is_located_at_the_right_entry(app, path, rounds):
    """Each kind of act has its turn; the copy is put back before the next."""
    print(f"SEED={SEED}")
    # `rounds` is 2,000 with --long, and 200 without.
    count = rounds // 2 if "LONG" in os.environ else rounds * 3 // 20
    kept = path.with_suffix(".kept")
    shutil.copyfile(path, kept)
    with app.app_context():
        assert outcome() == ("intact", None)
        for number in range(count):
            db.database.engine.dispose()
            shutil.copyfile(kept, path)
            vandal = Vandal(path, SEED + number)
            what, verdict, at = ACTS[number % len(ACTS)](vandal)
            vandal.close()
            assert outcome() == (verdict, at), f"{what}; SEED={SEED} round {number}"


def test_without_the_heads_kept_outside_a_log_that_was_shortened_looks_whole(app, path):
    """The counter-proof: nothing but the outside heads finds a cut together with the head."""
    vandal = Vandal(path, SEED)
    _, verdict, at = vandal.cut_off_with_head()
    vandal.close()
    with app.app_context():
        assert outcome() == (verdict, at)
        for file in heads.folder().iterdir():
            file.unlink()
        assert outcome() == ("intact", None)
