"""Papers that rooms print: one job makes the PDF of a record from a frozen snapshot.

"A service builds a frozen dataclass, a template renders it ... A document prints its 校验码, the
hash of its evidence snapshot." The same snapshot is printed once; a record that has changed since
gives another paper, and the older ones stay. A room declares a PaperKind in its Feature (`papers`)
and gives it two routes with `add_routes`: one orders the paper, one opens it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import ProducedPaper, StoredFile
from app.jobs import service as jobs
from app.kernel import clock, db, downloads, pdf
from app.kernel.declared import require
from app.kernel.errors import Advice, AdvisedNotFound
from app.kernel.feature import JobRun, features
from app.kernel.permissions import Permission, signed_in
from app.kernel.types import json_digest

JOB = "files.paper"
STEPS = 2
CHECK_CODE_LENGTH = 16
# The part of a record that is printed as a whole.
WHOLE = 0
NOT_PRINTED = Advice(
    "还没有打印这一份", "内容在上次打印以后又有变化，或者还没有打印过。请返回，再点一次打印。"
)
NO_FONT = "打印字体里没有这些字：{characters}。请联系管理员安装字体后再试。"

# A frozen dataclass of plain texts, numbers and tuples: everything that stands on the paper.
Snapshot = Any


@dataclass(frozen=True, kw_only=True)
class PaperKind:
    """A kind of paper. `name` stands in stored rows: `inspections.record`.

    `snapshot` reads all that the paper says of a record; `document` lays it out with its 校验码;
    `file_name` is without suffix. `word` names the routes: `print_record`, `show_record_paper`.
    A record that `has_parts` has a paper for each of them, such as an exam for each department:
    `snapshot` then takes the part as well.
    """

    name: str
    title: str
    word: str
    endpoint: str
    snapshot: Callable[..., Snapshot]
    document: Callable[[Snapshot, str], pdf.Document]
    file_name: Callable[[Snapshot], str]
    has_parts: bool = False

    def read(self, record_id: int, part: int = WHOLE) -> Snapshot:
        """Read the snapshot of a record, or of a part of it."""
        return self.snapshot(record_id, part) if self.has_parts else self.snapshot(record_id)


def find_kind(name: str) -> PaperKind:
    """Give a kind by its stored name; raises KeyError."""
    kinds: list[PaperKind] = [each for room in features(current_app) for each in room.papers]
    return {each.name: each for each in kinds}[name]


def code_of(snapshot: Snapshot) -> str:
    """Give the 校验码 of what stands on a paper."""
    return code_text(json_digest(asdict(snapshot)))


def code_text(digest: str) -> str:
    """Write a hash as papers print it: sixteen hexadecimal digits in groups of four."""
    digits = digest[:CHECK_CODE_LENGTH].upper()
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def get_paper(kind: PaperKind, record_id: int, code: str, part: int = WHOLE) -> StoredFile | None:
    """Give the file of the paper that says this."""
    return db.session.scalar(
        select(StoredFile)
        .join(ProducedPaper, ProducedPaper.file_id == StoredFile.id)
        .where(
            ProducedPaper.kind == kind.name,
            ProducedPaper.record_id == record_id,
            ProducedPaper.part == part,
            ProducedPaper.check_code == code,
        )
    )


def get_present(kind: PaperKind, record_id: int, part: int = WHOLE) -> StoredFile | None:
    """Give the file of the paper that says what the record says now."""
    return get_paper(kind, record_id, code_of(kind.read(record_id, part)), part)


def is_ready(kind: PaperKind, record_id: int, part: int = WHOLE) -> bool:
    """Tell whether the paper of a record as it is now has been printed: then it can be opened."""
    return get_present(kind, record_id, part) is not None


def can_open(kind: PaperKind, record_id: int, part: int = WHOLE) -> bool:
    """Tell whether the paper is ready and its bytes are whole."""
    return read_if_whole(get_present(kind, record_id, part)) is not None


def order(
    kind: PaperKind,
    record_id: int,
    *,
    values: Mapping[str, Any],
    ordered_by_id: int,
    part: int = WHOLE,
) -> str:
    """Order the paper of a record, in the open write; returns the job's public id.

    `values` are the arguments of the address at which it is opened.
    """
    name = name_of(kind, record_id, part)
    job, is_new = jobs.order_once(
        kind=JOB,
        key=f"{JOB}:{name}:{ordered_by_id}",
        title=kind.title,
        payload={
            "kind": kind.name,
            "record_id": record_id,
            "part": part,
            "values": dict(values),
        },
        ordered_by_id=ordered_by_id,
    )
    if is_new:
        append(
            AuditEvent.FILES_PAPER_ORDERED,
            person_id=ordered_by_id,
            object_type="paper",
            object_id=name,
            name=kind.title,
        )
    return job


def name_of(kind: PaperKind, record_id: int, part: int) -> str:
    """Name what a paper is of, in keys and in the log."""
    return f"{kind.name}:{record_id}" if part == WHOLE else f"{kind.name}:{record_id}:{part}"


def make_paper(job: JobRun) -> Mapping[str, Any]:
    """Make the PDF of a record as it is now; one that says the same is kept."""
    kind, record_id = find_kind(job.payload["kind"]), int(job.payload["record_id"])
    # An order from before there were parts has none.
    part = int(job.payload.get("part", WHOLE))
    job.progress(done=1, total=STEPS)
    print_if_new(kind, record_id, part)
    job.progress(done=STEPS, total=STEPS)
    return {
        "endpoint": kind.endpoint,
        "values": job.payload["values"],
        "label": f"打开{kind.title}",
    }


def print_if_new(kind: PaperKind, record_id: int, part: int = WHOLE) -> tuple[Snapshot, bytes]:
    """Give what a record says now and its paper, which is printed and stored if it is not there.

    Raises JobRefusedError for a name that no font can draw.
    """
    snapshot = kind.read(record_id, part)
    code = code_of(snapshot)
    content = read_if_whole(get_paper(kind, record_id, code, part))
    if content is not None:
        return snapshot, content
    content = print_document(kind.document(snapshot, code))
    sha256 = files.put_content(content)
    with db.write():
        store(kind, record_id, code, snapshot, part=part, sha256=sha256, size=len(content))
    return snapshot, content


def read_if_whole(file: StoredFile | None) -> bytes | None:
    """Give the bytes of a paper; None where there is none or the disk has not kept them.

    It can be printed anew from what it says, so damage is no loss; whoever runs the site reads it
    in the log.
    """
    if file is None:
        return None
    try:
        return files.read_content(file)
    except files.DamagedFileError:
        current_app.logger.exception("a paper is damaged; it is printed anew when asked for")
        return None


def print_document(document: pdf.Document) -> bytes:
    """Print; raises JobRefusedError for a name that no font can draw."""
    try:
        return pdf.render(document)
    except pdf.MissingGlyph as missing:
        message = NO_FONT.format(characters="、".join(missing.characters))
        raise jobs.JobRefusedError(message) from missing


def store(
    kind: PaperKind,
    record_id: int,
    code: str,
    snapshot: Snapshot,
    *,
    sha256: str,
    size: int,
    part: int = WHOLE,
) -> None:
    """Add the file and the paper to the open write, once."""
    if get_paper(kind, record_id, code, part) is not None:
        return
    name = f"{kind.file_name(snapshot)}.pdf"
    file = files.add_file(sha256=sha256, size=size, media_type="application/pdf", name=name)
    db.session.add(
        ProducedPaper(
            kind=kind.name,
            record_id=record_id,
            part=part,
            check_code=code,
            snapshot=asdict(snapshot),
            file_id=file.id,
            made_at=clock.now(),
        )
    )
    db.session.flush()


def erase_papers(kind_name: str, record_id: int, *, but: str = "", part: int | None = None) -> None:
    """Delete the papers of a record whose content must go, in the open write.

    All of them, those of one `part`, or all `but` the one with a 校验码 that still holds.
    """
    of_record = select(ProducedPaper).where(
        ProducedPaper.kind == kind_name,
        ProducedPaper.record_id == record_id,
        ProducedPaper.check_code != but,
    )
    if part is not None:
        of_record = of_record.where(ProducedPaper.part == part)
    found = db.session.scalars(of_record).all()
    for paper in found:
        file = db.session.get_one(StoredFile, paper.file_id)
        db.session.delete(paper)
        db.session.flush()
        files.erase_file(file)


def add_routes(
    blueprint: Blueprint,
    kind: PaperKind,
    rule: str,
    permission: Permission,
    load: Callable[..., Any],
) -> None:
    """Add `POST rule/print-word` and `GET rule/word.pdf` to a room.

    `load` takes the arguments of the rule and gives a record with an `id`, and with a `part` where
    the kind has parts; it answers 404 to whoever may not see it. Opening makes nothing: a paper
    that is not there yet, or says less than the record now does, is a 404 that asks to print it.
    """

    def target(values: dict[str, Any]) -> tuple[int, int]:
        """Load what is to be printed; gives record and part."""
        found = load(**values)
        return found.id, found.part if kind.has_parts else WHOLE

    def print_paper(**values: Any) -> ResponseReturnValue:
        """Order the paper, and go to where its making is shown."""
        record_id, part = target(values)
        by = signed_in().person_id
        with db.write():
            job = order(kind, record_id, part=part, values=values, ordered_by_id=by)
        return redirect(url_for("jobs.show_job", public_id=job), 303)

    def show_paper(**values: Any) -> ResponseReturnValue:
        """Open the paper of the record as it is now."""
        return open_file(get_present(kind, *target(values)))

    print_name, show_name = f"print_{kind.word}", f"show_{kind.word}_paper"
    # A view is called what its endpoint says, also where one function serves many.
    print_paper.__name__, show_paper.__name__ = print_name, show_name
    word = kind.word.replace("_", "-")
    blueprint.add_url_rule(
        f"{rule}/print-{word}", print_name, require(permission)(print_paper), methods=["POST"]
    )
    blueprint.add_url_rule(f"{rule}/{word}.pdf", show_name, require(permission)(show_paper))


def open_file(file: StoredFile | None) -> Response:
    """Answer with a PDF in the browser's own reader, or with a 404 that says how to get it."""
    content = read_if_whole(file)
    if file is None or content is None:
        # Everywhere a paper lies right below its record's own page.
        raise AdvisedNotFound(NOT_PRINTED, request.path.rpartition("/")[0])
    return downloads.answer(content, file.name, file.media_type, is_inline=True)
