"""What the database itself refuses of exams: changes of what is frozen, sealed, kept or decided."""

from app.kernel.triggers import keep_log, refuse_change, refuse_if_exists

_PUBLISHED = "SELECT 1 FROM exam WHERE id = {row}.exam_id AND published_at IS NOT NULL"
_HANDED_IN = "SELECT 1 FROM sitting WHERE id = {row}.sitting_id AND handed_in_at IS NOT NULL"
_AUTHOR = "SELECT 1 FROM exam_author WHERE exam_id = NEW.id AND person_id = NEW.{column}"
_FROZEN = "the paper is published and frozen"
_SAVED = "sitting_id, number, revision, chosen, saved_at"
_SEALED = "the sitting is handed in"

TRIGGERS = [
    *(
        refuse_if_exists(
            f"{table}_frozen_{event.lower()}",
            table,
            event,
            _FROZEN,
            _PUBLISHED.format(row="OLD" if event == "DELETE" else "NEW"),
        )
        for table in (
            "paper_question",
            "paper_key",
            "exam_item",
            "blueprint_row",
            "paper_form",
            "exam_department",
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    *(
        refuse_if_exists(
            f"answer_sealed_{event.lower()}",
            "answer",
            event,
            _SEALED,
            _HANDED_IN.format(row="OLD" if event == "DELETE" else "NEW"),
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
    *refuse_change(
        "sitting_sealed",
        "sitting",
        "UPDATE; DELETE",
        _SEALED,
        when="OLD.handed_in_at IS NOT NULL",
    ),
    *refuse_change(
        "sitting_result_kept",
        "sitting_result",
        "UPDATE; DELETE",
        "a result is never changed, only graded anew",
    ),
    keep_log("answer_logged_insert", "answer", "INSERT", "answer_change", _SAVED),
    keep_log("answer_logged_update", "answer", "UPDATE OF revision", "answer_change", _SAVED),
    *refuse_change("answer_change_kept", "answer_change", "UPDATE; DELETE", "a save is kept"),
    *refuse_change("late_answer_kept", "late_answer", "UPDATE; DELETE", "a late answer is kept"),
    *refuse_change(
        "exam_author_kept",
        "exam_author",
        "UPDATE; DELETE",
        "who has worked on a paper stays on record",
    ),
    refuse_if_exists(
        "exam_author_frozen_insert",
        "exam_author",
        "INSERT",
        _FROZEN,
        _PUBLISHED.format(row="NEW"),
    ),
    *(
        refuse_if_exists(
            f"exam_author_{verb}_not",
            "exam",
            f"UPDATE OF {column}",
            "who has worked on a paper decides nothing on it",
            _AUTHOR.format(column=column),
        )
        for verb, column in (("reviews", "reviewed_by_id"), ("approves", "approved_by_id"))
    ),
    *refuse_change(
        "exam_control_kept", "exam_control", "UPDATE; DELETE", "what was done in an exam is kept"
    ),
    *refuse_change("question_doubt_kept", "question_doubt", "UPDATE; DELETE", "a doubt is kept"),
]
