"""Acts on classes."""

from typing import Any

from tests.site.moves.move import Move
from tests.site.moves.samples import FIGURES, PHOTO, SIGNED


def of_class(who: str, name: str, word: str, page: str = "", **given: Any) -> dict[str, Move]:
    """Give an act of training, whose form stands on the page of its own address or on another."""
    shown = f"training.{page or word}"
    return {f"training.{word}": Move(who=who, name=name, page=shown, **given)}


def class_moves() -> dict[str, Move]:
    """Give the acts of classes."""
    words = {"title": "一次性告知", "place": "三楼", "teacher": "党校讲师"}
    times = {"day": "2026-12-10", "starts": "15:00", "ends": "16:00", "act": "keep"}
    told = {"values": {"reason": "改到下周。"}, "texts": ("reason",)}
    chosen = {"file": PHOTO, "is_unclassified": "y"}
    record = {"chair": "葛书宁", "content": "首问负责。", "points": "先接待。"}
    texts = (*words, "aim")
    return {
        **of_class("clerk", "", "new_class", values={**words, **times}, texts=texts),
        **of_class("clerk", "class_draft", "edit_class", values={**words, **times}, texts=texts),
        **of_class("clerk", "class_draft", "submit_class", "show_class"),
        **of_class("clerk", "class_party_draft", "submit_party_class", "show_class"),
        **of_class("clerk", "class_draft", "drop_class"),
        **of_class("branch", "class_draft", "take_over_class"),
        **of_class("branch", "class_party_draft", "take_over_party_class"),
        **of_class("branch", "class_scheduled", "take_over_scheduled_class"),
        **of_class("branch", "class_booking", "take_over_booking_class"),
        **of_class("branch", "class_study", "take_over_held_class"),
        **of_class("clerk", "class_draft", "make_test", "show_class"),
        **of_class("chief", "class_review", "approve_class"),
        **of_class("clerk", "class_review", "sign_approve_class",
                   values={**SIGNED, "signed_by": "SY004"}),
        **of_class("chief", "class_review", "send_back_class", **told),
        **of_class("branch", "class_party_review", "approve_party_class"),
        **of_class("clerk", "class_party_review", "sign_approve_party_class",
                   values={**SIGNED, "signed_by": "SY007"}),
        **of_class("branch", "class_party_review", "send_back_party_class", **told),
        **of_class("clerk", "class_scheduled", "open_class", "show_class"),
        **of_class("clerk", "class_scheduled", "cancel_class", **told),
        **of_class("clerk", "class_booking", "print_sign_sheet", "show_class"),
        **of_class("lead", "class_seat", "free_seat", **told),
        **of_class("clerk", "class_booking", "book_seats", values={"person_ids": "3"}),
        **of_class("clerk", "class_booking", "edit_sign_ins",
                   made={"seat_ids": ("class_seat", "seat_id")}),
        **of_class("staff", "class_booking", "sign_in_class", "show_class",
                   made={"code": ("class_code", "code")}),
        **of_class("clerk", "class_booking", "new_material",
                   values={**chosen, "title": "课件"}, texts=("title",)),
        "training.remove_material": Move(who="clerk", name="class_material",
                                         values={"confirmed": "yes"}),
        **of_class("clerk", "class_begun", "hold_class"),
        **of_class("clerk", "class_study", "evaluate_class", **told),
        **of_class("clerk", "class_study", "edit_record", values={**chosen, **record},
                   texts=tuple(record)),
        "training.print_record": Move(who="clerk", name="class_study"),
        **of_class("clerk", "class_study", "print_effect", "show_effect"),
        **of_class("office", "class_evaluated", "archive_class"),
        **of_class("clerk", "", "new_plan_item",
                   values={"title": "年终培训", "month": "2026-12"}, texts=("title",)),
        "training.drop_plan_item": Move(who="clerk", name="plan_item",
                                        values={"confirmed": "yes"}),
        **of_class("clerk", "", "new_figure_import",
                   values={"file": FIGURES, "is_unclassified": "y"}),
        **of_class("clerk", "figure_import", "apply_figure_import", "show_figure_import"),
        **of_class("clerk", "figure_import", "discard_figure_import", "show_figure_import"),
    }  # fmt: skip


MOVES = class_moves()
