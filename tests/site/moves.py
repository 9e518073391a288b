"""One valid act for every route that writes: who, on what, with which form filled in how."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.accounts.roster.imports import template
from app.kernel.spreadsheets import write_table
from app.training import figure_files
from tests.site import regulations_moves
from tests.site.hall import Hall, Visit
from tests.site.world import SECRET, code_of, photo
from tests.support import cast
from tests.support.pages import fields_of


@dataclass(frozen=True, kw_only=True)
class Move:
    """An act. `page` is the endpoint whose page shows its form; without one the data is all.

    `texts` names the fields in which a person writes freely.
    """

    who: str
    name: str = ""
    page: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    status: int = 303
    # Fields whose value the world made: field -> (object, key).
    made: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Upload(io.BytesIO):
    """A file that can be sent again and again: at its end it begins anew."""

    def __init__(self, content: bytes, name: str = "名单.xlsx") -> None:
        super().__init__(content)
        self.name = name

    def read(self, size: int | None = -1) -> bytes:
        """Read on, or begin anew."""
        found = super().read(size)
        if not found:
            self.seek(0)
        return found

    def close(self) -> None:
        """Stay open for the next act."""


ROSTER = Upload(template.sample_file())
PHOTO = Upload(photo(), "照片.png")
OPINIONS = Upload("外部编号,内容\nWJ-9,希望有放大镜。\n".encode(), "意见.csv")
QUESTION_SHEET = Upload(
    write_table("题目", ("题型", "题目"), [("满意度", "您对讲义满意吗？")]), "题目.xlsx"
)
FIGURES = Upload(figure_files.template_file(), "绩效.xlsx")
TASK_TABLE = Upload(
    write_table(
        "任务分解表",
        ("序号", "举措", "牵头部门", "配合部门", "完成期限"),
        [("7", "探索AI化应用场景", cast.DEPARTMENTS[0], "", "2026-12-31")],
    ),
    "分解表.xlsx",
)
ORDER = {
    "title": "等候偏长",
    "problem": "等候超时。",
    "cause": "无人引导。",
    "demand": "安排引导。",
}
SIGNED = {
    "signed_by": "SY010",
    "signed_on": "2026-11-20",
    "meeting": "主任办公会",
    "file": Upload(photo(), "签批单.png"),
    "is_unclassified": "y",
}
PASSWORD = {"staff_number": "SY001", "password": cast.PASSWORD}
NEW_PASSWORD = {
    "present": cast.PASSWORD,
    "password": "Harvest-Lantern-88",
    "repeated": "Harvest-Lantern-88",
}
REASON = {"reason": "当面核对过身份。"}
QUESTION = {
    "stem": "首问责任人要做什么？",
    "options": "接待\n推诿",
    "key": "A",
    "marks": "5",
    "basis": "首问负责制",
    "analysis": "接待到底。",
}
QUESTION_TEXTS = ("stem", "basis", "analysis")
PAPER = {
    "title": "新的考试",
    "opens_at": "2026-12-01T09:00",
    "closes_at": "2026-12-02T18:00",
    "minutes": "30",
    "pass_marks": "6",
    "department_ids": "1",
    "notice": "办件优先。",
}
PAPER_TEXTS = ("title", "notice")
NEW_PERSON = {
    "staff_number": "SY041",
    "name": "程子衿",
    "department_id": "1",
    "window_id": "0",
    "post_id": "1",
    "joined_on": "2026-11-20",
}
ENTRIES = {
    "department": {"name": "区档案局", "position": "30"},
    "window": {"number": "B01", "name": "税务窗口", "department_id": "1"},
    "post": {"name": "引导岗", "post_group": "guide"},
    "service_item": {"code": "SX-002", "name": "新办企业", "department_id": "1"},
    "committee": {"name": "清廉窗口建设工作小组", "duty": "落实方案"},
}
ENTRY_TEXTS = {
    "department": ("name",),
    "window": ("name",),
    "post": ("name",),
    "service_item": ("name", "depth", "manual_version"),
    "committee": ("name", "duty"),
}

SURVEY_MOVES = {
    "surveys.answer_survey": Move(
        who="staff",
        name="survey_open",
        page="surveys.answer_survey",
        values={
            **{f"answer_q{number}": "0" for number in range(1, 6)},
            "answer_q6": "1",
        },
    ),
    "surveys.release_comments": Move(
        who="branch",
        name="survey_closed",
        values={"release": "yes", "confirmed": "yes"},
    ),
    "surveys.print_report": Move(who="branch", name="survey_closed", page="surveys.show_survey"),
    "surveys.draft_questionnaire": Move(who="clerk", page="surveys.list_questionnaires"),
    "surveys.edit_questionnaire": Move(
        who="clerk",
        name="questionnaire_draft",
        page="surveys.edit_questionnaire",
        texts=("title",),
    ),
    "surveys.new_question": Move(
        who="clerk",
        name="questionnaire_draft",
        page="surveys.new_question",
        values={"text": "您对课后练习满意吗？"},
    ),
    "surveys.import_questions": Move(
        who="clerk",
        name="questionnaire_draft",
        page="surveys.import_questions",
        values={"file": QUESTION_SHEET, "is_unclassified": "y"},
    ),
    "surveys.edit_question": Move(
        who="clerk",
        name="questionnaire_question",
        page="surveys.edit_question",
        values={"text": "您对讲义满意吗？"},
    ),
    "surveys.drop_question": Move(
        who="clerk",
        name="questionnaire_question",
        page="surveys.show_questionnaire",
        values={"confirmed": "yes"},
    ),
    "surveys.submit_questionnaire": Move(
        who="clerk", name="questionnaire_draft", page="surveys.show_questionnaire"
    ),
    "surveys.drop_questionnaire": Move(
        who="clerk", name="questionnaire_draft", page="surveys.drop_questionnaire"
    ),
    "surveys.approve_questionnaire": Move(
        who="chief", name="questionnaire_review", page="surveys.approve_questionnaire"
    ),
    "surveys.sign_approve_questionnaire": Move(
        who="clerk",
        name="questionnaire_review",
        page="surveys.sign_approve_questionnaire",
        values={**SIGNED, "signed_by": "SY004"},
    ),
    "surveys.send_back_questionnaire": Move(
        who="branch",
        name="questionnaire_review",
        page="surveys.send_back_questionnaire",
        values={"reason": "第3题问了两件事。"},
        texts=("reason",),
    ),
}
COMMITMENT_MOVES = {
    "commitments.new_sheet": Move(who="clerk", page="commitments.new_sheet"),
    "commitments.edit_sheet": Move(
        who="clerk",
        name="sheet_draft",
        page="commitments.edit_sheet",
        values={"text_1": "材料齐全，12分钟内完成收件"},
        texts=("measure_1", "standard_basis_1"),
    ),
    "commitments.submit_sheet": Move(
        who="clerk", name="sheet_draft", page="commitments.show_sheet"
    ),
    "commitments.take_over_sheet": Move(
        who="lead", name="sheet_draft", page="commitments.take_over_sheet"
    ),
    "commitments.drop_sheet": Move(who="clerk", name="sheet_draft", page="commitments.drop_sheet"),
    "commitments.review_sheet": Move(
        who="chief", name="sheet_review", page="commitments.review_sheet"
    ),
    "commitments.sign_review_sheet": Move(
        who="clerk",
        name="sheet_review",
        page="commitments.sign_review_sheet",
        values={**SIGNED, "signed_by": "SY004"},
    ),
    "commitments.send_back_sheet": Move(
        who="chief",
        name="sheet_review",
        page="commitments.send_back_sheet",
        values={"reason": "第1条的用时不对。"},
        texts=("reason",),
    ),
    "commitments.approve_sheet": Move(
        who="leader", name="sheet_approval", page="commitments.approve_sheet"
    ),
    "commitments.sign_approve_sheet": Move(
        who="clerk",
        name="sheet_approval",
        page="commitments.sign_approve_sheet",
        values={**SIGNED, "signed_by": "SY010"},
    ),
    "commitments.turn_down_sheet": Move(
        who="leader",
        name="sheet_approval",
        page="commitments.turn_down_sheet",
        values={"reason": "请再核一次用时。"},
        texts=("reason",),
    ),
    "commitments.withdraw_sheet": Move(
        who="office",
        name="sheet_public",
        page="commitments.withdraw_sheet",
        values={"reason": "窗口合并。"},
        texts=("reason",),
    ),
    "commitments.copy_sheet": Move(
        who="clerk",
        name="sheet_public",
        page="commitments.copy_sheet",
        values={"window_ids": "2"},
    ),
    **{
        f"commitments.print_{word}": Move(
            who="clerk", name="sheet_public", page="commitments.show_sheet"
        )
        for word in ("desk_card", "poster", "notice")
    },
    "workflow.new_batch": Move(who="clerk", name="batch_kind", page="workflow.new_batch"),
    "workflow.decide_batch": Move(
        who="leader", name="batch", page="workflow.show_batch", values={"confirmed": "yes"}
    ),
    "workflow.sign_batch": Move(
        who="clerk",
        name="batch",
        page="workflow.show_batch",
        values={**SIGNED, "signed_by": "SY010"},
    ),
    "workflow.drop_batch": Move(
        who="clerk", name="batch", page="workflow.show_batch", values={"confirmed": "yes"}
    ),
    "workflow.print_batch": Move(who="clerk", name="batch"),
    "commitments.collect_print": Move(
        who="clerk", name="sheet_withdrawn", page="commitments.show_sheet"
    ),
    "commitments.new_plate": Move(
        who="clerk",
        page="commitments.new_plate",
        values={"staff_number": "SY002", "grounds": "无有责投诉。"},
        texts=("grounds",),
    ),
    "commitments.confirm_plate": Move(
        who="branch", name="plate_asked", page="commitments.confirm_plate"
    ),
    "commitments.sign_confirm_plate": Move(
        who="clerk",
        name="plate_asked",
        page="commitments.sign_confirm_plate",
        values={**SIGNED, "signed_by": "SY007"},
    ),
    "commitments.refuse_plate": Move(
        who="branch",
        name="plate_asked",
        page="commitments.refuse_plate",
        values={"reason": "到岗不满半年。"},
        texts=("reason",),
    ),
    "commitments.end_plate": Move(
        who="branch",
        name="plate_confirmed",
        page="commitments.end_plate",
        values={"reason": "本人申请。"},
        texts=("reason",),
    ),
    "commitments.edit_rating_code": Move(
        who="clerk",
        name="rating_window",
        page="commitments.edit_rating_code",
        values={"file": Upload(photo(), "码.png"), "is_unclassified": "y", "is_official": "y"},
    ),
    "commitments.remove_rating_code": Move(
        who="clerk",
        name="rating_window",
        page="commitments.edit_rating_code",
        values={"confirmed": "yes"},
    ),
}


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


MOVES = {
    **class_moves(),
    **idea_moves(),
    **order_moves(),
    "deadlines.recount_deadlines": Move(who="clerk", page="deadlines.recount_deadlines"),
    "inbox.read_notices": Move(who="staff", page="inbox.list_notices"),
    "entrance.enter_as": Move(who="anon", values={"staff_number": "QY0301"}),
    "entrance.try_exam": Move(who="anon", page="entrance.show_entrance"),
    "entrance.enter_station": Move(who="anon", name="tour_station", page="entrance.show_tour"),
    "accounts.sign_in": Move(who="anon", page="accounts.sign_in", values=PASSWORD),
    "accounts.sign_in_again": Move(who="anon", values=PASSWORD, status=200),
    "accounts.sign_out": Move(who="staff", page="home.show_home"),
    "accounts.add_member": Move(
        who="clerk",
        name="committee",
        page="accounts.show_committee",
        values={"staff_number": "SY001"},
    ),
    "accounts.end_membership": Move(who="clerk", name="committee", page="accounts.show_committee"),
    "accounts.new_person": Move(who="clerk", page="accounts.new_person", values=NEW_PERSON),
    "accounts.edit_person": Move(
        who="clerk",
        name="colleague",
        page="accounts.edit_person",
        values={"name": "程子衿"},
    ),
    "accounts.transfer_person": Move(
        who="clerk",
        name="colleague",
        page="accounts.transfer_person",
        values={"starts_on": "2026-12-01", "window_id": "0"},
    ),
    "accounts.cancel_transfer": Move(
        who="clerk", name="colleague", page="accounts.show_person", values={"confirmed": "yes"}
    ),
    "accounts.leave_person": Move(
        who="clerk", name="colleague", page="accounts.leave_person", values={}
    ),
    "accounts.cancel_leaving": Move(
        who="clerk", name="left", page="accounts.show_person", values={"confirmed": "yes"}
    ),
    "accounts.new_absence": Move(
        who="clerk",
        name="colleague",
        page="accounts.new_absence",
        values={"starts_on": "2026-12-01", "ends_on": "2026-12-03"},
    ),
    "accounts.cancel_absence": Move(who="clerk", name="colleague", page="accounts.show_person"),
    "accounts.show_phone": Move(
        who="clerk", name="colleague", page="accounts.show_person", status=200
    ),
    "accounts.new_authorisation": Move(
        who="chief", page="accounts.new_authorisation", values={"staff_number": "SY002"}
    ),
    "accounts.end_authorisation": Move(
        who="chief",
        name="authorisation",
        page="accounts.show_authorisation",
        values={"ends_on": "2026-12-31"},
    ),
    "accounts.cancel_authorisation": Move(
        who="chief",
        name="coming_authorisation",
        page="accounts.show_authorisation",
        values={"confirmed": "yes"},
    ),
    "accounts.new_deputy": Move(
        who="clerk",
        page="accounts.new_deputy",
        values={"staff_number": "SY001", "deputy_number": "SY002"},
    ),
    "accounts.end_deputy": Move(
        who="clerk", name="deputy", page="accounts.show_deputy", values={"ends_on": "2026-12-01"}
    ),
    "accounts.cancel_deputy": Move(
        who="clerk",
        name="coming_deputy",
        page="accounts.show_deputy",
        values={"confirmed": "yes"},
    ),
    "accounts.show_political_status": Move(
        who="clerk", name="colleague", page="accounts.show_person", status=200
    ),
    "accounts.edit_political_status": Move(
        who="clerk",
        name="colleague",
        page="accounts.edit_political_status",
        values={"political_status": "member"},
    ),
    "accounts.new_role": Move(
        who="clerk", name="colleague", page="accounts.new_role", values={"role": "leader"}
    ),
    "accounts.decide_role": Move(
        who="secadmin",
        name="asked",
        page="accounts.show_role",
        values={"decision": "grant", "confirmed": "yes"},
    ),
    "accounts.end_role": Move(
        who="secadmin",
        name="granted",
        page="accounts.end_role",
        values={"reason": "岗位变动"},
    ),
    **{
        f"accounts.new_{word}": Move(
            who="clerk", page=f"accounts.new_{word}", values=values, texts=ENTRY_TEXTS[word]
        )
        for word, values in ENTRIES.items()
    },
    **{
        f"accounts.edit_{word}": Move(
            who="clerk",
            name=word,
            page=f"accounts.edit_{word}",
            values=values,
            texts=ENTRY_TEXTS[word],
        )
        for word, values in ENTRIES.items()
    },
    "accounts.new_import": Move(
        who="clerk",
        page="accounts.new_import",
        values={"file": ROSTER, "is_unclassified": "y"},
    ),
    "accounts.save_choices": Move(who="clerk", name="import_open", page="accounts.show_import"),
    "accounts.apply_import": Move(who="clerk", name="import_ready", page="accounts.show_import"),
    "accounts.undo_import": Move(
        who="clerk",
        name="import_applied",
        page="accounts.show_import",
        values={"confirmed": "yes"},
    ),
    "accounts.edit_photo": Move(
        who="clerk",
        name="colleague",
        page="accounts.edit_photo",
        values={"file": PHOTO, "is_unclassified": "y", "has_consent": "y"},
    ),
    "accounts.remove_photo": Move(
        who="clerk", name="colleague", page="accounts.show_person", values={"confirmed": "yes"}
    ),
    "accounts.remove_own_photo": Move(
        who="staff", page="accounts.show_own_account", values={"confirmed": "yes"}
    ),
    "accounts.order_own_copy": Move(who="staff", page="accounts.show_own_account"),
    "accounts.order_copy": Move(who="clerk", name="colleague", page="accounts.show_person"),
    "accounts.enter_code": Move(
        who="challenged", page="accounts.enter_code", values={"code": lambda _: code_of(SECRET)}
    ),
    "accounts.confirm_password": Move(
        who="staff", page="accounts.confirm_password", values={"proof_password": cast.PASSWORD}
    ),
    "accounts.change_password": Move(
        who="staff", page="accounts.change_password", values=NEW_PASSWORD
    ),
    "accounts.end_other_sessions": Move(who="staff"),
    "accounts.end_own_session": Move(who="staff", name="staff_session"),
    "accounts.add_factor": Move(
        who="clerk",
        page="accounts.add_factor",
        values={"code": lambda data: code_of(data["secret"])},
        status=200,
    ),
    "accounts.remove_factor": Move(who="factored", values={"confirmed": "yes"}),
    "accounts.unlock_account": Move(who="sysadmin", name="locked_account", values=REASON),
    "accounts.disable_account": Move(
        who="sysadmin", name="account", values={**REASON, "confirmed": "yes"}
    ),
    "accounts.enable_account": Move(who="sysadmin", name="disabled_account", values=REASON),
    "accounts.reset_account": Move(
        who="sysadmin", name="account", values={**REASON, "confirmed": "yes"}, status=200
    ),
    "accounts.reset_factor": Move(
        who="secadmin", name="factor_account", values={**REASON, "confirmed": "yes"}
    ),
    "accounts.end_account_sessions": Move(who="sysadmin", name="account"),
    "accounts.end_account_session": Move(who="sysadmin", name="staff_session"),
    "accounts.print_slips": Move(who="sysadmin", page="accounts.print_slips"),
    "accounts.fetch_slips": Move(
        who="sysadmin", name="slips", page="accounts.show_slips", status=200
    ),
    "exams.start_sitting": Move(who="staff", name="waiting", page="exams.show_notice"),
    "exams.save_answer": Move(
        who="staff", name="running", values={"answer": "A", "revision": "9"}, status=200
    ),
    "exams.save_answers": Move(
        who="staff", name="running", page="exams.show_sitting", values={"answer-1": "C"}
    ),
    "exams.hand_in": Move(who="staff", name="running", page="exams.hand_in"),
    "exams.make_sheet": Move(who="staff", name="unprinted", page="exams.show_result"),
    "exams.new_paper": Move(who="clerk", page="exams.new_paper", values=PAPER, texts=PAPER_TEXTS),
    "exams.edit_paper": Move(
        who="clerk", name="draft", page="exams.edit_paper", values=PAPER, texts=PAPER_TEXTS
    ),
    "exams.choose_questions": Move(who="clerk", name="draft", values={"add": "6"}),
    "exams.submit_paper": Move(who="clerk", name="draft", page="exams.show_paper"),
    "exams.publish_paper": Move(
        who="chief", name="submitted", page="exams.show_paper", values={"confirmed": "yes"}
    ),
    "exams.send_back_paper": Move(
        who="chief",
        name="submitted",
        page="exams.show_paper",
        values={"reason": "第2题不清楚。"},
        texts=("reason",),
    ),
    "exams.grade_paper": Move(who="clerk", name="late", page="exams.show_paper"),
    "exams.release_results": Move(
        who="chief", name="late", page="exams.show_paper", values={"confirmed": "yes"}
    ),
    "exams.admit_late_answer": Move(
        who="clerk",
        name="late",
        page="exams.list_late_answers",
        values={"reason": "停电，有记录。"},
        texts=("reason",),
    ),
    "questions.new_question": Move(
        who="clerk", page="questions.new_question", values=QUESTION, texts=QUESTION_TEXTS
    ),
    "questions.edit_question": Move(
        who="clerk",
        name="question",
        page="questions.edit_question",
        values=QUESTION,
        texts=QUESTION_TEXTS,
    ),
    "questions.change_state": Move(who="clerk", name="question", page="questions.show_question"),
    "audit.verify_chain": Move(who="auditor", page="audit.show_chain"),
    "settings.edit_setting": Move(
        who="secadmin",
        name="policy",
        page="settings.edit_setting",
        values={"value": "20", "reason": "例会决定"},
        texts=("reason",),
    ),
    "accounts.edit_hall": Move(
        who="sysadmin",
        page="accounts.edit_hall",
        values={"name": "新的政务服务中心"},
        texts=("name", "former_name", "office_hours"),
    ),
    "accounts.new_appointment": Move(
        who="sysadmin",
        page="accounts.new_appointment",
        values={
            "number": "QY0103",
            "kind": "auditor",
            "login_name": "shenji-09",
            "reason": "主任办公会2026年11月20日",
        },
        texts=("reason",),
    ),
    "accounts.withdraw_role": Move(who="clerk", name="asked", page="accounts.show_role"),
    "accounts.decide_appointment": Move(
        who="secadmin",
        name="appointed",
        page="accounts.show_appointment",
        values={"decision": "confirm", "confirmed": "yes"},
    ),
    "accounts.withdraw_appointment": Move(
        who="sysadmin", name="appointed", page="accounts.show_appointment"
    ),
    "accounts.accept_appointment": Move(
        who="staff",
        name="own_appointment",
        page="accounts.accept_appointment",
        values={"password": "Harvest-Lantern-88", "repeated": "Harvest-Lantern-88"},
    ),
    "accounts.decline_appointment": Move(
        who="staff",
        name="own_appointment",
        page="accounts.accept_appointment",
        values={"confirmed": "yes"},
    ),
    "screens.new_group": Move(
        who="clerk",
        page="screens.new_group",
        values={"name": "二楼大屏", "slug": "hall-2", "inches": "65"},
        texts=("name",),
    ),
    "screens.edit_group": Move(
        who="clerk",
        name="screen",
        page="screens.edit_group",
        values={"name": "二楼大屏", "metres": "8"},
        texts=("name",),
    ),
    "screens.stop_group": Move(
        who="clerk", name="screen", page="screens.show_group", values={"confirmed": "yes"}
    ),
    "screens.reopen_group": Move(who="clerk", name="stopped_screen", page="screens.show_group"),
    "screens.order_package": Move(
        who="clerk", name="screen", page="screens.show_group", values={"width": "1920"}
    ),
    **COMMITMENT_MOVES,
    **SURVEY_MOVES,
    "workdays.edit_day": Move(
        who="clerk",
        name="day",
        page="workdays.edit_day",
        values={"kind": "off", "hall": "closed", "name": "停电"},
        texts=("name",),
    ),
    "workdays.edit_hours": Move(
        who="clerk",
        page="workdays.edit_hours",
        values={"valid_from": "2026-12-01", "monday": "9:00-12:00"},
    ),
    "workdays.import_year": Move(
        who="clerk",
        name="year",
        page="workdays.import_year",
        values={"notice": "国办发明电〔2025〕7号"},
        texts=("notice",),
    ),
}

ORDER_TEXTS = ("fact", "basis", "requirement")


def decide(name: str, who: str, state: str, *, has_reason: bool = False) -> Move:
    """Make a move of an order on its own page."""
    return Move(
        who=who,
        name=f"order_{state}",
        page=f"rectifications.{name}_order",
        values={"reason": "按规定办理。"} if has_reason else {},
        texts=("reason",) if has_reason else (),
    )


def sign_on_paper(name: str, signer: str, state: str) -> Move:
    """Enter a decision about an order that was signed on paper."""
    return Move(
        who="clerk",
        name=f"order_{state}",
        page=f"rectifications.sign_{name}_order",
        values={**SIGNED, "signed_by": signer, "reason": "同意。"},
        texts=("reason", "meeting"),
    )


def enter_sheet(name: str, state: str) -> Move:
    """Enter a sheet that somebody of the department has signed, and that decides nothing."""
    values = {each: SIGNED[each] for each in SIGNED if each not in {"meeting", "minute_number"}}
    return Move(
        who="clerk",
        name=f"order_{state}",
        page=f"rectifications.sign_{name}_order",
        values={**values, "signed_by": "SY001", "reason": "见纸质单。"},
        texts=("reason",),
    )


MOVES |= {
    "inspections.start_inspection": Move(
        who="inspector",
        page="inspections.start_inspection",
        values={"is_unclassified": "y"},
        texts=("areas",),
    ),
    "inspections.check_window": Move(
        who="inspector", name="running_round", page="inspections.list_windows"
    ),
    "inspections.record_finding": Move(
        who="inspector",
        name="running_round",
        page="inspections.record_finding",
        values={"track": "reminder"},
    ),
    "inspections.fix_finding": Move(
        who="inspector",
        name="open_finding",
        page="inspections.fix_finding",
        values={"staff_number": "SY001", "file": PHOTO},
    ),
    "inspections.escalate_finding": Move(
        who="inspector",
        name="open_finding",
        page="inspections.fix_finding",
        values={"confirmed": "yes", "severity": "minor"},
    ),
    "inspections.finish_inspection": Move(
        who="inspector",
        name="ending_round",
        page="inspections.finish_inspection",
        values={"confirmed": "yes"},
        texts=("opinion_note",),
    ),
    "inspections.new_remark": Move(
        who="inspector",
        name="round",
        page="inspections.new_remark",
        values={"text": "在岗的是替岗人员。", "reason": "核对考勤。"},
        texts=("text", "reason"),
    ),
    "inspections.print_record": Move(
        who="office", name="round", page="inspections.show_inspection"
    ),
    "inspections.new_duty": Move(
        who="clerk",
        page="inspections.new_duty",
        values={"since": "2026-12-07", "until": "2026-12-11", "period": "afternoon"},
        texts=("areas",),
    ),
    "inspections.edit_duty": Move(
        who="office",
        name="duty",
        page="inspections.edit_duty",
        values={"areas": "B区"},
        texts=("areas",),
    ),
    "inspections.copy_week": Move(who="clerk", page="inspections.copy_week"),
    "inspections.new_item": Move(
        who="clerk",
        page="inspections.new_item",
        values={"name": "母婴室", "phrases": "母婴室未开放", "basis": "任务举措8"},
        texts=("name", "phrases", "basis"),
    ),
    "inspections.edit_item": Move(
        who="clerk",
        name="checklist_item",
        page="inspections.edit_item",
        values={"basis": "任务举措10"},
        texts=("phrases", "basis"),
    ),
    # The one of the cast who receives, beside the visitors of the demonstration.
    "inspections.new_handover": Move(
        who="inspector", page="inspections.new_handover", values={"receiver_id": "14"}
    ),
    "rectifications.new_order": Move(
        who="clerk",
        page="rectifications.new_order",
        values={"fact": "承诺牌过期。", "basis": "任务举措10", "requirement": "更换。"},
        texts=ORDER_TEXTS,
    ),
    "rectifications.edit_order": Move(
        who="inspector",
        name="order_returned",
        page="rectifications.edit_order",
        values={"requirement": "更换承诺牌。"},
        texts=ORDER_TEXTS,
    ),
    "rectifications.reply_order": Move(
        who="lead",
        name="order_mending",
        page="rectifications.reply_order",
        values={
            "cause": "person",
            "measure": "班前检查。",
            "responsible_number": "SY001",
            "is_unclassified": "y",
            "file": PHOTO,
        },
        texts=("measure",),
    ),
    "rectifications.new_photo": Move(
        who="lead",
        name="order_mending",
        page="rectifications.new_photo",
        values={"is_unclassified": "y", "file": PHOTO},
    ),
    "rectifications.print_order": Move(
        who="chief", name="order_signed", page="rectifications.show_order"
    ),
    "rectifications.sign_order": decide("sign", "chief", "to_sign"),
    "rectifications.send_back_order": decide("send_back", "chief", "to_sign", has_reason=True),
    "rectifications.resubmit_order": decide("resubmit", "inspector", "returned"),
    "rectifications.withdraw_order": decide("withdraw", "inspector", "returned", has_reason=True),
    "rectifications.receive_order": decide("receive", "lead", "to_receive"),
    "rectifications.appeal_order": decide("appeal", "lead", "mending", has_reason=True),
    "rectifications.uphold_order": decide("uphold", "leader", "appealed", has_reason=True),
    "rectifications.dismiss_order": decide("dismiss", "leader", "appealed", has_reason=True),
    "rectifications.pass_order": decide("pass", "inspector", "to_recheck", has_reason=True),
    "rectifications.fail_order": decide("fail", "inspector", "to_recheck", has_reason=True),
    "rectifications.close_order": decide("close", "chief", "to_close"),
    "rectifications.sign_sign_order": sign_on_paper("sign", "SY004", "to_sign"),
    "rectifications.sign_uphold_order": sign_on_paper("uphold", "SY010", "appealed"),
    "rectifications.sign_dismiss_order": sign_on_paper("dismiss", "SY010", "appealed"),
    "rectifications.sign_receive_order": enter_sheet("receive", "to_receive"),
    "rectifications.sign_appeal_order": enter_sheet("appeal", "mending"),
    "rectifications.sign_reply_order": Move(
        who="clerk",
        name="order_mending",
        page="rectifications.sign_reply_order",
        values={
            "signed_by": "SY001",
            "signed_on": SIGNED["signed_on"],
            "cause": "person",
            "measure": "班前检查。",
            "responsible_number": "SY001",
            "done_on": SIGNED["signed_on"],
            "is_unclassified": "y",
            "file": PHOTO,
            "photo": PHOTO,
        },
        texts=("measure",),
    ),
    "rectifications.sign_close_order": sign_on_paper("close", "SY004", "to_close"),
}


def pair_move(name: str, who: str, state: str, *, has_reason: bool = False) -> Move:
    """Make a move of a pair on its own page."""
    return Move(
        who=who,
        name=f"pair_{state}",
        page=f"mentoring.{name}_pair",
        values={"reason": "按科室意见办理。"} if has_reason else {},
        texts=("reason",) if has_reason else (),
    )


def sign_pair(name: str, signer: str, state: str) -> Move:
    """Enter a decision about a pair that was signed on paper."""
    return Move(
        who="clerk",
        name=f"pair_{state}",
        page=f"mentoring.sign_{name}_pair",
        values={**SIGNED, "signed_by": signer, "reason": "同意。"},
        texts=("reason", "meeting"),
    )


SHEET = {each: SIGNED[each] for each in SIGNED if each not in {"meeting", "minute_number"}}


def agree_on_paper(name: str, signer: str, state: str) -> Move:
    """Enter the sheet on which one of the two has agreed."""
    return Move(
        who="clerk",
        name=f"pair_{state}",
        page=f"mentoring.sign_{name}_pair",
        values={**SHEET, "signed_by": signer, "reason": "见纸质单。"},
        texts=("reason",),
    )


WORDS = {"taught": "看了三件。", "progress": "会了。", "plan_next": "陪办。"}
FINAL = {f"result_{place}": "passed" for place in range(1, 6)}
MOVES |= {
    "mentoring.take_back_pair": pair_move("take_back", "clerk", "to_master", has_reason=True),
    "mentoring.take_back_final_pair": pair_move(
        "take_back_final", "clerk", "assessing", has_reason=True
    ),
    "mentoring.ask_final_department_pair": pair_move(
        "ask_final_department", "clerk", "ready", has_reason=True
    ),
    "mentoring.sign_final_pair": Move(
        who="clerk",
        name="pair_assessing",
        page="mentoring.sign_final_pair",
        values={**SHEET, **FINAL, "signed_by": "SY004", "opinion": "办得稳。"},
        texts=("opinion",),
    ),
    "mentoring.sign_record": Move(
        who="clerk",
        name="record_due",
        page="mentoring.sign_record",
        values={**SHEET, **WORDS, "signed_by": "SY001", "is_signed_by_both": "y"},
        texts=tuple(WORDS),
    ),
    "mentoring.sign_confirm_record": Move(
        who="clerk",
        name="record_to_confirm",
        page="mentoring.sign_confirm_record",
        values={**SHEET, "signed_by": "SY001", "reason": "见纸质单。"},
        texts=("reason",),
    ),
}
MOVES |= {
    "mentoring.new_pair": Move(
        who="clerk",
        name="newcomer",
        page="mentoring.new_pair",
        values={"goals": "到期能独立受理。"},
        texts=("goals",),
        made={"assessor_id": ("newcomer", "assessor_id")},
    ),
    "mentoring.edit_plan": Move(
        who="clerk",
        name="pair_draft",
        page="mentoring.edit_plan",
        values={"goals": "先看后做。"},
        texts=("goals",),
    ),
    "mentoring.submit_pair": Move(who="clerk", name="pair_draft", page="mentoring.show_pair"),
    "mentoring.drop_pair": pair_move("drop", "clerk", "draft", has_reason=True),
    "mentoring.agree_master_pair": pair_move("agree_master", "staff", "to_master"),
    "mentoring.decline_master_pair": pair_move(
        "decline_master", "staff", "to_master", has_reason=True
    ),
    "mentoring.agree_apprentice_pair": pair_move("agree_apprentice", "staff", "to_apprentice"),
    "mentoring.decline_apprentice_pair": pair_move(
        "decline_apprentice", "staff", "to_apprentice", has_reason=True
    ),
    "mentoring.approve_pair": pair_move("approve", "chief", "to_approve"),
    "mentoring.send_back_pair": pair_move("send_back", "chief", "to_approve", has_reason=True),
    "mentoring.ask_final_pair": Move(who="staff", name="pair_ready", page="mentoring.show_pair"),
    "mentoring.extend_pair": pair_move("extend", "chief", "ready", has_reason=True),
    "mentoring.end_pair": Move(
        who="staff",
        name="pair_running",
        page="mentoring.end_pair",
        values={"reason": "other", "note": "岗位有调整。"},
        texts=("note",),
    ),
    "mentoring.confirm_end_pair": pair_move("confirm_end", "chief", "ending"),
    "mentoring.keep_pair": pair_move("keep", "chief", "ending", has_reason=True),
    "mentoring.assess_pair": Move(
        who="chief",
        name="pair_assessing",
        page="mentoring.assess_pair",
        values={**FINAL, "opinion": "办得稳。"},
        texts=("opinion",),
    ),
    "mentoring.graduate_pair": pair_move("graduate", "chief", "to_graduate"),
    "mentoring.send_back_final_pair": pair_move(
        "send_back_final", "chief", "to_graduate", has_reason=True
    ),
    "mentoring.sign_agree_master_pair": agree_on_paper("agree_master", "SY001", "to_master"),
    "mentoring.sign_agree_apprentice_pair": agree_on_paper(
        "agree_apprentice", "SY001", "to_apprentice"
    ),
    "mentoring.sign_approve_pair": sign_pair("approve", "SY004", "to_approve"),
    "mentoring.sign_extend_pair": sign_pair("extend", "SY004", "ready"),
    "mentoring.sign_confirm_end_pair": sign_pair("confirm_end", "SY004", "ending"),
    "mentoring.sign_graduate_pair": sign_pair("graduate", "SY004", "to_graduate"),
    "mentoring.sign_item": Move(who="staff", name="pair_running", page="mentoring.show_pair"),
    "mentoring.assess_item": Move(
        who="chief",
        name="pair_solo",
        page="mentoring.assess_item",
        values={"action": "受理一件。", "standard": "一次告知。", "result": "passed"},
        texts=("action", "standard", "opinion"),
    ),
    "mentoring.write_record": Move(
        who="staff",
        name="record_due",
        page="mentoring.write_record",
        values=WORDS,
        texts=tuple(WORDS),
    ),
    "mentoring.confirm_record": Move(
        who="staff", name="record_to_confirm", page="mentoring.confirm_record"
    ),
    "mentoring.send_back_record": Move(
        who="staff",
        name="record_to_confirm",
        page="mentoring.send_back_record",
        values={"reason": "少写了一件。"},
        texts=("reason",),
    ),
    **{
        f"mentoring.print_{word}": Move(who="staff", name="pair_assessing", page="")
        for word in ("agreement", "archive")
    },
    "mentoring.print_certificate": Move(who="staff", name="pair_graduated", page=""),
}


def of_task(word: str, who: str, state: str, **given: Any) -> dict[str, Move]:
    """Give an act on a measure whose form stands on the page of its own address."""
    page = f"measures.{word}"
    return {page: Move(who=who, name=f"task_{state}", page=page, **given)}


TASK_SIGNED = {**SIGNED, "reason": "同意。"}
REASONED = {"values": {"reason": "看过佐证。"}, "texts": ("reason",)}
READING = {"read_on": "2026-11-20", "value": "5", "text": "又签一家。", "source": "协议"}
MOVES |= {
    **of_task("assign_task", "office", "pending",
              values={"department_id": "1", "partners": "区税务局", "ends_on": "2026-12-31"},
              texts=("partners",)),
    **of_task("extend_task", "lead", "running",
              values={"until_on": "2027-01-10", "reason": "设备未到。"}, texts=("reason",)),
    **of_task("new_note", "office", "running", values={"text": "提醒过。"}, texts=("text",)),
    **of_task("receive_task", "lead", "receiving"),
    **of_task("report_task", "lead", "running", **REASONED),
    **of_task("pass_task", "office", "reviewing", **REASONED),
    **of_task("return_task", "office", "reviewing", **REASONED),
    **of_task("close_task", "leader", "closing"),
    **of_task("grant_task", "leader", "extending"),
    **of_task("refuse_task", "leader", "extending", **REASONED),
    **of_task("sign_close_task", "clerk", "closing", values=TASK_SIGNED,
              texts=("reason", "meeting")),
    **of_task("sign_grant_task", "clerk", "extending", values=TASK_SIGNED,
              texts=("reason", "meeting")),
    **of_task("sign_refuse_task", "clerk", "extending", values=TASK_SIGNED,
              texts=("reason", "meeting")),
    "measures.new_reading": Move(
        who="lead", name="indicator", page="measures.new_reading", values=READING,
        texts=("text", "source"),
    ),
    "measures.correct_reading": Move(
        who="lead", name="reading", page="measures.correct_reading",
        values={**READING, "reason": "抄错了。"}, texts=("text", "source", "reason"),
    ),
    "measures.edit_indicator": Move(
        who="office", name="pending_indicator", page="measures.edit_indicator",
        values={"target": "3"},
    ),
    "measures.load_plan": Move(who="office", name="plan_file", page="measures.list_plans"),
    "measures.copy_plan": Move(
        who="office", name="measure_plan", page="measures.copy_plan",
        values={"year": "2027", "starts_on": "2027-02-01", "ends_on": "2028-01-31"},
        texts=("title",),
    ),
    "measures.close_plan": Move(
        who="office", name="spare_plan", page="measures.show_plan", values={"confirmed": "yes"}
    ),
    "measures.new_import": Move(
        who="office", name="measure_plan", page="measures.new_import",
        values={"file": TASK_TABLE, "is_unclassified": "y"},
    ),
    "measures.apply_import": Move(
        who="office", name="measure_import", page="measures.show_import"
    ),
    "measures.print_board": Move(
        who="office", name="measure_plan", page="measures.show_plan"
    ),
    "measures.print_changes": Move(who="office", name="past_day", page="measures.show_changes"),
}  # fmt: skip


def assess(
    who: str,
    name: str,
    word: str,
    page: str = "",
    **given: Any,
) -> dict[str, Move]:
    """Give an act of the assessment whose form stands on a page of it, or on its own."""
    shown = f"assessment.{page or word}"
    return {f"assessment.{word}": Move(who=who, name=name, page=shown, **given)}


REASONED: dict[str, Any] = {"values": {"reason": "按规定办理。"}, "texts": ("reason",)}
SAID: dict[str, Any] = {"values": {"text": "讲解耐心。"}, "texts": ("text",)}
SHEET_SIGNED: dict[str, Any] = {
    "values": {**SIGNED, "reason": "同意。"},
    "texts": ("reason", "meeting"),
}
MOVES |= {
    **assess("clerk", "", "new_scheme", values={"period": "2027-3"}),
    # Its texts are shorter than the canary.
    **assess("clerk", "scheme_draft", "edit_scheme"),
    **assess("office", "scheme_over", "open_cycle", "show_scheme"),
    **assess("clerk", "scheme_draft", "submit_scheme", "show_scheme"),
    **assess("clerk", "scheme_draft", "drop_scheme"),
    **assess("leader", "scheme_waiting", "approve_scheme"),
    **assess("leader", "scheme_waiting", "send_back_scheme", **REASONED),
    **assess("leader", "scheme_locked", "revoke_scheme", **REASONED),
    **assess("clerk", "scheme_waiting", "sign_approve_scheme", **SHEET_SIGNED),
    **assess("office", "cycle_collecting", "collect_cycle", "show_cycle"),
    **assess("office", "cycle_current", "order_package", "show_cycle"),
    **assess("office", "cycle_collecting", "preview_cycle"),
    **assess("leader", "cycle_ready", "approve_cycle"),
    **assess("office", "cycle_approved", "release_cycle"),
    **assess("clerk", "cycle_ready", "sign_approve_cycle", **SHEET_SIGNED),
    **assess("lead", "portrait", "edit_comment", **SAID),
    **assess("lead", "portrait", "edit_opinion", values={"opinion": "agreed"}, texts=("text",)),
    **assess("staff", "portrait", "edit_own_opinion", **SAID),
    **assess(
        "staff",
        "portrait",
        "new_objection",
        values={"ground": "fact", "reason": "当时在引导。"},
        texts=("reason",),
    ),
    "assessment.print_portrait": Move(who="staff", name="portrait"),
    "assessment.print_letter": Move(who="other", name="letter"),
    "assessment.print_sheet": Move(who="office", name="department_sheet"),
    **assess("leader", "objection", "uphold_objection", **REASONED),
    **assess("leader", "objection", "reject_objection", **REASONED),
    **assess("staff", "objection", "withdraw_objection"),
}


def url_of(hall: Hall, endpoint: str) -> str:
    """Give the address that an act is sent to."""
    return hall.address(endpoint, MOVES[endpoint].name, method="POST")


def filled_in(hall: Hall, visit: Visit, endpoint: str) -> MultiDict[str, str]:
    """Give what a browser sends: the form as the page shows it, filled in."""
    move, data = MOVES[endpoint], MultiDict()
    if move.page:
        page = visit.browser.get(hall.address(move.page, move.name))
        forms = page.all(f'form[action="{url_of(hall, endpoint)}"]')
        assert forms, f"{move.page} shows no form for {endpoint}"
        data = fields_of(page, forms[0])
    for name, value in move.values.items():
        data.setlist(name, [value(data) if callable(value) else value])
    for name, (made, key) in move.made.items():
        data.setlist(name, [hall.world.objects[made][key]])
    return data


def act(hall: Hall, endpoint: str, **changes: str) -> TestResponse:
    """Do an act with some fields changed, and see it succeed."""
    move = MOVES[endpoint]
    visit = hall.visit(move.who)
    data = filled_in(hall, visit, endpoint)
    for name, value in changes.items():
        data.setlist(name, [value])
    answer = visit.send("POST", url_of(hall, endpoint), data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == move.status, f"{endpoint}: {answer.status_code} {text[-3000:]}"
    return answer


MOVES |= {
    f"regulations.{name}": Move(**{"page": f"regulations.{name}", **given})
    for name, given in regulations_moves.acts(SIGNED).items()
}
