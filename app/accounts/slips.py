"""激活单: one-time codes for many people at once, printed to be cut and handed out.

A job makes the codes and prints them; no page shows one. Only who ordered the file can fetch it,
once: fetching erases it, and a day does too. A killed worker begins anew, and no code is void
before the paper that replaces it is there.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from sqlalchemy import or_, select

from app.accounts.credentials import hash_code, issue_code, make_code
from app.accounts.models import Account, AccountKind, Department, Person
from app.accounts.passwords import NO_PASSWORD
from app.accounts.policy import security_profile
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import not_left, standing
from app.accounts.service import hall_name
from app.accounts.sign_in_models import ActivationCode, SlipBatch
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.jobs import service as jobs
from app.kernel import clock, db, formats, pdf
from app.kernel.config import Config
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal

SLIPS_JOB = "accounts.slips"
KEPT = timedelta(days=1)
TELL_EVERY = 10
LAST_MINUTE = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One slip as it is printed."""

    department: str
    name: str
    login_name: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All slips of a batch."""

    hall: str
    address: str
    valid_until: str
    slips: tuple[Slip, ...]


def waiting(*, department_id: int | None, is_again: bool) -> list[tuple[Account, Person, str]]:
    """Give the accounts that wait for a code, by department's 序列 and name.

    With `is_again` also those whose code is still valid: the slips already handed out become void.
    """
    today = clock.today()
    statement = (
        select(Account, Person, Department.name)
        .join(Person, Person.id == Account.person_id)
        .join(Placement, standing(today))
        .join(Department, Department.id == Placement.department_id)
        .outerjoin(ActivationCode, ActivationCode.account_id == Account.id)
        .where(
            Account.kind == AccountKind.BUSINESS,
            Account.password_hash == NO_PASSWORD,
            Account.disabled_at.is_(None),
            not_left(today),
        )
        .order_by(Department.position, Person.name_key, Account.id)
    )
    if department_id is not None:
        statement = statement.where(Placement.department_id == department_id)
    if not is_again:
        is_void = or_(
            ActivationCode.account_id.is_(None), ActivationCode.valid_until <= clock.now()
        )
        statement = statement.where(is_void)
    return [(account, person, name) for account, person, name in db.session.execute(statement)]


def order_slips(*, user: Principal, department_id: int | None, is_again: bool) -> str:
    """Order slips in the open write; gives the job's public id. Raises RefusedError for nobody."""
    if not waiting(department_id=department_id, is_again=is_again):
        raise RefusedError(form="没有需要打印的账号：都已激活，或者手上的激活单还没有过期。")
    append(
        AuditEvent.ACCOUNTS_SLIPS_ORDERED,
        person_id=user.person_id,
        object_type="department" if department_id else "",
        object_id=department_id or "",
        is_again=is_again,
    )
    return jobs.order(
        kind=SLIPS_JOB,
        key=f"{SLIPS_JOB}:{user.person_id}",
        title="打印激活单",
        payload={
            "department_id": department_id,
            "is_again": is_again,
            "ordered_by_id": user.person_id,
        },
        ordered_by_id=user.person_id,
    )


def valid_until() -> datetime:
    """Give until when codes hold that are printed now: the end of the day on the slip."""
    last: date = clock.today() + timedelta(days=security_profile().activation_days)
    return clock.from_local(datetime.combine(last, LAST_MINUTE))


def make_slips(job: JobRun) -> Mapping[str, Any]:
    """Make the codes, print them, and let both count in one write."""
    found = waiting(
        department_id=job.payload["department_id"], is_again=bool(job.payload["is_again"])
    )
    if not found:
        message = "没有需要打印的账号。"
        raise jobs.JobRefusedError(message)
    slips, hashes = make_codes(job, found)
    until, count = valid_until(), len(found)
    job.progress(done=count, total=count + 1)
    content = print_slips(slips, until)
    sha256 = files.put_content(content)
    batch = SlipBatch(
        public_id=secrets.token_urlsafe(12),
        ordered_by_id=int(job.payload["ordered_by_id"]),
        made_at=clock.now(),
        valid_until=until,
        slips=count,
    )
    with db.write():
        store(batch, sha256, len(content), hashes)
    job.progress(done=count + 1, total=count + 1)
    return {
        "endpoint": "accounts.show_slips",
        "values": {"public_id": batch.public_id},
        "label": "下载激活单",
    }


def make_codes(
    job: JobRun, found: Sequence[tuple[Account, Person, str]]
) -> tuple[list[Slip], dict[int, str]]:
    """Make a code for each account: slips to be printed, hashes by account."""
    slips: list[Slip] = []
    hashes: dict[int, str] = {}
    for place, (account, person, department) in enumerate(found):
        if place % TELL_EVERY == 0:
            job.progress(done=place, total=len(found) + 1)
        code = make_code()
        hashes[account.id] = hash_code(code)
        slips.append(
            Slip(
                department=department,
                name=person.name,
                login_name=person.staff_number,
                code=code,
            )
        )
    return slips, hashes


def store(batch: SlipBatch, sha256: str, size: int, hashes: Mapping[int, str]) -> None:
    """Let the codes count and keep the file, in the open write.

    Whoever has chosen a password in the meantime keeps it: his slip opens nothing.
    """
    file = files.add_file(sha256=sha256, size=size, media_type="application/pdf", name="激活单.pdf")
    batch.file_id = file.id
    db.session.add(batch)
    for account_id, code_hash in hashes.items():
        account = db.session.get_one(Account, account_id, with_for_update=True)
        if account.password_hash == NO_PASSWORD:
            issue_code(
                account=account,
                code_hash=code_hash,
                valid_until=batch.valid_until,
                issued_by_id=batch.ordered_by_id,
            )
    append(
        AuditEvent.ACCOUNTS_SLIPS_PRINTED,
        person_id=batch.ordered_by_id,
        object_type="slip_batch",
        object_id=batch.public_id,
        slips=batch.slips,
    )


def print_slips(slips: Sequence[Slip], until: datetime) -> bytes:
    """Print the slips; raises JobRefusedError for a name that no font can draw."""
    config: Config = current_app.config["SITE"]
    sheet = Sheet(
        hall=hall_name(),
        address=config.address,
        valid_until=formats.day(clock.local(until).date()),
        slips=tuple(slips),
    )
    style = Path(current_app.root_path) / "templates" / "accounts" / "pdf" / "slips.css"
    document = pdf.Document(
        html=render_template("accounts/pdf/slips.html", sheet=sheet),
        stylesheets=(style.read_text(encoding="utf-8"),),
        assets={},
        title="激活单",
        author=sheet.hall,
        created_at=clock.now(),
    )
    try:
        return pdf.render(document)
    except pdf.MissingGlyph as missing:
        characters = "、".join(missing.characters)
        message = f"打印字体里没有这些字：{characters}。请联系管理员安装字体后再试。"
        raise jobs.JobRefusedError(message) from missing


def get_batch_for(user: Principal, public_id: str) -> SlipBatch | None:
    """Give a batch to who ordered it."""
    return db.session.scalar(
        select(SlipBatch).where(
            SlipBatch.public_id == public_id, SlipBatch.ordered_by_id == user.person_id
        )
    )


def read_batch(batch: SlipBatch) -> bytes | None:
    """Read the file of a batch; None once it was erased, or where its bytes are gone."""
    file = db.session.get(StoredFile, batch.file_id) if batch.file_id else None
    try:
        return files.read_content(file) if file else None
    except files.DamagedFileError:
        return None


def erase(batch_id: int, *, person_id: int | None) -> bool:
    """Erase the file of a batch in the open write; False where somebody was faster."""
    batch = db.session.get_one(SlipBatch, batch_id, with_for_update=True)
    if batch.file_id is None:
        return False
    file_id, batch.file_id, batch.erased_at = batch.file_id, None, clock.now()
    db.session.flush()
    files.erase_file(db.session.get_one(StoredFile, file_id))
    append(
        AuditEvent.ACCOUNTS_SLIPS_ERASED,
        person_id=person_id,
        object_type="slip_batch",
        object_id=batch.public_id,
        is_fetched=person_id is not None,
    )
    return True


def erase_old() -> None:
    """Erase what was not fetched within a day; the worker calls it."""
    old = select(SlipBatch.id).where(
        SlipBatch.file_id.is_not(None), SlipBatch.made_at <= clock.now() - KEPT
    )
    for batch_id in list(db.session.scalars(old)):
        with db.write():
            erase(batch_id, person_id=None)
