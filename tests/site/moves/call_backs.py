"""Acts on call-backs to the window."""

from tests.site.moves.move import Move

MOVES = {
    "exams.ask_call_back": Move(who="staff", name="running", page="exams.ask_call_back"),
    "exams.confirm_call_back": Move(who="lead", name="called_back", page="exams.show_call_back"),
    "exams.decline_call_back": Move(
        who="lead",
        name="called_back",
        page="exams.decline_call_back",
        values={"reason": "窗口没有叫人。"},
        texts=("reason",),
    ),
    "exams.resume_sitting": Move(who="staff", name="confirmed_back"),
    "exams.cancel_call_back": Move(who="staff", name="called_back"),
}
