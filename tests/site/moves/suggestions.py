"""Acts on ideas and the orders that come of them."""

from typing import Any

from tests.site.moves.move import Move
from tests.site.moves.samples import OPINIONS, ORDER, PHOTO, SIGNED


def of_idea(who: str, name: str, word: str, **given: Any) -> dict[str, Move]:
    """Give an act of suggestions whose form stands on the page of its own address."""
    page = f"suggestions.{word}"
    return {page: Move(who=who, name=name, page=page, **given)}


def of_record(who: str, name: str, word: str, page: str, **given: Any) -> dict[str, Move]:
    """Give an act of suggestions whose form stands on the page of its record."""
    shown = f"suggestions.{page}"
    return {f"suggestions.{word}": Move(who=who, name=name, page=shown, **given)}


def of_public(word: str, **given: Any) -> dict[str, Move]:
    """Give an act of somebody without an account, with a token of a while ago."""
    made = {"csrf_token": ("public", word), **given.pop("made", {})}
    return {f"suggestions.{word}": Move(who="anon", made=made, status=200, **given)}


def idea_moves() -> dict[str, Move]:
    """Give the acts of 金点子 and 直通车."""
    words = {"title": "大字流程图", "problem": "老人不会取号。", "proposal": "放一张流程图。"}
    outcome = {
        "outcome": "adopted",
        "finding": "看过。",
        "answer": "采纳。",
        "demand": "请改进。",
        "order_title": "取号机旁安排引导",
        "order_problem": "无人引导。",
        "order_cause": "没有引导岗。",
    }
    chosen = {"file": PHOTO, "is_unclassified": "y"}
    return {
        **of_public("new_public_idea", page="suggestions.new_public_idea",
                    values={"problem": "希望有放大镜。"}, texts=("problem",)),
        **of_public("follow_idea", page="suggestions.follow_idea",
                    made={"code": ("public", "answered_opinion")}),
        **of_public("reply_idea", made={"code": ("public", "asked_opinion")},
                    values={"text": "十九日上午。"}, texts=("text",)),
        **of_public("rate_idea", made={"code": ("public", "answered_opinion")},
                    values={"rating": "fair"}),
        "suggestions.new_idea": Move(who="staff", page="suggestions.new_idea",
                                     values={**words, "confirmed": "yes"}, texts=tuple(words)),
        **of_idea("staff", "own_idea", "edit_picture", values=chosen),
        **of_record("staff", "asked_idea", "answer_question", "show_idea",
                    values={"text": "柱子上。"}, texts=("text",)),
        **of_record("staff", "answered_idea", "rate_own_idea", "show_idea",
                    values={"rating": "fair"}),
        "suggestions.record_idea": Move(who="clerk", page="suggestions.record_idea",
                                        values={"problem": "希望延长服务。"}, texts=("problem",)),
        **of_record("chief", "asked_idea", "ask_author", "show_idea",
                    values={"text": "几楼？"}, texts=("text",)),
        **of_record("officer", "opinion", "show_contact", "show_idea", status=200),
        **of_idea("officer", "opinion", "accept_idea"),
        **of_idea("office", "own_idea", "merge_idea", made={"into": ("asked_idea", "public_id")}),
        **of_idea("officer", "opinion", "refuse_idea", values={"reason": "不是意见。"},
                  texts=("reason",)),
        **of_idea("officer", "opinion", "hand_over_idea", values={"receiver_id": "14"}),
        **of_idea("chief", "asked_idea", "answer_idea", values=outcome,
                  texts=("finding", "answer", "reason", "order_problem", "order_cause", "demand")),
        **of_idea("chief", "asked_idea", "extend_idea", values={"reason": "要问消防。"},
                  texts=("reason",)),
        **of_idea("leader", "extending_idea", "allow_extension_idea",
                  values={"opinion": "同意。"}, texts=("opinion",)),
        **of_record("leader", "extending_idea", "refuse_extension_idea", "show_idea"),
        **of_record("discipline", "idea_handover", "receive_handover", "show_handover",
                    values={"confirmed": "yes"}),
        "suggestions.new_import": Move(who="clerk", page="suggestions.new_import",
                                       values={"file": OPINIONS, "is_unclassified": "y",
                                               "source": "公众号"}, texts=("source",)),
        **of_record("clerk", "idea_import", "apply_import", "show_import"),
        **of_record("clerk", "idea_import", "discard_import", "show_import"),
    }  # fmt: skip


def order_moves() -> dict[str, Move]:
    """Give the acts of 建议单."""
    visit = {"on": "2026-11-20", "way": "phone", "result": "solved", "note": "方便了。"}
    chosen = {"file": PHOTO, "is_unclassified": "y"}
    told = {"values": {"reason": "看过，有数据。"}, "texts": ("reason",)}
    return {
        "suggestions.new_order": Move(who="clerk", page="suggestions.new_order",
                                      values={**ORDER, "department_id": "1"}, texts=tuple(ORDER)),
        **of_idea("clerk", "order_draft", "edit_order", values=ORDER, texts=tuple(ORDER)),
        **of_record("clerk", "order_draft", "submit_order", "show_order"),
        **of_idea("leader", "order_issuing", "issue_order"),
        **of_idea("clerk", "order_issuing", "sign_issue_order", values=SIGNED),
        **of_idea("leader", "order_issuing", "send_back_order", **told),
        **of_record("lead", "order_receiving", "receive_order", "show_order"),
        **of_idea("lead", "order_feedback", "answer_order",
                  values={"verdict": "declined", "reason": "无人可派。"},
                  texts=("reason", "measures")),
        **of_idea("leader", "order_declining", "confirm_decline_order"),
        **of_idea("clerk", "order_declining", "sign_confirm_decline_order", values=SIGNED),
        **of_idea("leader", "order_declining", "insist_order", **told),
        **of_idea("lead", "order_carrying", "new_evidence", values=chosen),
        **of_idea("lead", "order_carrying", "finish_order", values={"result": "已到位。"},
                  texts=("result",)),
        **of_idea("office", "order_verifying", "verify_order", **told),
        **of_idea("office", "order_verifying", "return_order", **told),
        **of_idea("officer", "order_visiting", "visit_order", values=visit, texts=("note",)),
        **of_idea("officer", "order_visiting", "skip_visit_order", **told),
        **of_idea("officer", "order_revisiting", "revisit_order", values=visit, texts=("note",)),
        **of_record("office", "order_closed", "mark_case", "show_order"),
        **of_record("clerk", "order_closed", "print_order", "show_order"),
    }  # fmt: skip


MOVES = {**idea_moves(), **order_moves()}
