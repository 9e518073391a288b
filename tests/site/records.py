"""What a read writes down, and where: any other row that a GET leaves is a fault (SE9)."""

from app.audit.models import AuditEvent
from tests.site.moves.samples import ENTRIES

# Pages and files that show keys: who opens one is 免考(命题) of a paper that holds it. By the object
# that somebody looks at, and who.
KEYS = {
    "exams.show_paper": ("draft", "clerk"),
    "exams.show_form_questions": ("drawn", "clerk"),
    "exams.show_correction": ("correction_raised", "clerk"),
    "exams.check_correction": ("correction_raised", "clerk"),
    "exams.mark_answers": ("to_mark", "clerk"),
    "exams.show_keys_paper": ("released", "clerk"),
    "exams.show_evidence_paper": ("released", "clerk"),
    "exams.show_analysis": ("analysed", "clerk"),
    "questions.show_question": ("question", "clerk"),
    "questions.edit_question": ("question", "clerk"),
    "questions.show_review": ("review_waiting", "clerk"),
}
READS = {
    "exams.show_person_result": AuditEvent.RECORD_READ,
    "audit.list_entries": AuditEvent.RECORD_READ,
    "surveys.show_survey": AuditEvent.RECORD_READ,
    "audit.show_entry": AuditEvent.RECORD_READ,
    "accounts.edit_political_status": AuditEvent.RECORD_READ,
}
EXPORTS = {
    f"{room}.export_{what}": AuditEvent.RECORD_EXPORTED
    for room, what in (
        ("audit", "entries"),
        ("accounts", "imports"),
        ("accounts", "differences"),
        ("exams", "exams"),
        ("exams", "papers"),
        ("exams", "results"),
        ("exams", "analysis"),
        *(
            ("exams", word)
            for word in ("report", "reports", "department_results", "notice", "package")
        ),
        ("exams", "excuses"),
        ("exams", "corrections"),
        ("exams", "call_backs"),
        ("exams", "running"),
        ("exams", "roll"),
        *(
            ("questions", word)
            for word in ("questions", "reviews", "coverage", "imports", "original", "file")
        ),
        ("workdays", "days"),
        ("accounts", "people"),
        ("accounts", "roles"),
        *(("accounts", f"{word}s") for word in ENTRIES),
        ("settings", "settings"),
        ("settings", "history"),
        ("accounts", "accounts"),
        ("accounts", "copy"),
        ("accounts", "deputies"),
        ("accounts", "authorisations"),
        ("accounts", "administrators"),
        *(("inspections", word) for word in ("inspections", "findings", "duties")),
        ("rectifications", "orders"),
        ("workflow", "batches"),
        ("commitments", "sheets"),
        ("commitments", "plates"),
        ("suggestions", "ideas"),
        ("suggestions", "own_ideas"),
        ("suggestions", "orders"),
        *(("regulations", word) for word in ("rules", "risks", "readings", "items")),
        ("surveys", "surveys"),
        ("surveys", "survey"),
        ("surveys", "questionnaires"),
        *(("training", word) for word in ("classes", "own_classes", "plan", "figures")),
        ("mentoring", "pairs"),
        ("mentoring", "own_pairs"),
        ("measures", "tasks"),
        ("measures", "plan"),
        ("inbox", "steps"),
        ("inbox", "notices"),
        ("screens", "groups"),
        ("screens", "items"),
        ("screens", "package"),
        *(
            ("assessment", word)
            for word in (
                "schemes",
                "portraits",
                "own_portraits",
                "objections",
                "sheets",
                "packages",
                "package",
            )
        ),
    )
}
RECORDED = READS | EXPORTS
# What a download notes on its own record, once: what is to be taken down counts from there.
MARKED = {"screens.export_package": ("screen_package", "changed", ("fetched_at",))}
