"""Acts in an exam that runs: by organisers, and by the page of somebody who sits it."""

from tests.site.moves.move import Move

MOVES = {
    "exams.send_pulse": Move(
        who="staff", name="running", values={"unsaved": "2", "known": "0"}, status=200
    ),
    "exams.take_over": Move(who="staff", name="running"),
    "exams.control_exam": Move(
        who="clerk",
        name="running",
        page="exams.control_exam",
        values={"text": "还有二十分钟。"},
        texts=("text",),
    ),
    "exams.control_sitting": Move(
        who="clerk",
        name="running",
        page="exams.control_sitting",
        values={"text": "请回到座位。"},
        texts=("text",),
    ),
}
