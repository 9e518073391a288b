"""Acts on people, roles, accounts and the registers of the hall."""

from tests.site.moves.move import Move
from tests.site.moves.samples import (
    ENTRIES,
    ENTRY_TEXTS,
    NEW_PASSWORD,
    NEW_PERSON,
    PASSWORD,
    PHOTO,
    REASON,
    ROSTER,
)
from tests.site.world import SECRET, code_of
from tests.support import cast

MOVES = {
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
}
