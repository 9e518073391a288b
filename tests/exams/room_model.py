"""What a sitting must be after whatever people, organisers and the clock do: plain Python, no site.

Written from the rules and not from the code: "办件优先: a call to the window costs no time"; time is
given back as long as the clock stood still; one device answers; what was acknowledged is there.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

GRACE = timedelta(seconds=60)


@dataclass
class Room:
    """One sitting in its exam, as the rules want it."""

    deadline: datetime
    device: int = 0
    # Since when the clock stands still, and why: pause (of one), all, call_back.
    stopped: datetime | None = None
    why: str = ""
    paused: datetime | None = None
    ended_by: str = ""
    call_back: str = ""
    answers: dict[int, list[str]] = field(default_factory=dict)
    kept: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)

    def is_over(self, now):
        if self.ended_by:
            return True
        return self.stopped is None and now > self.deadline + GRACE

    def can_stop(self, now):
        return not self.is_over(now) and self.stopped is None and now < self.deadline

    def save(self, device, number, chosen, now):
        """Give what the site must say to a save, and take it in."""
        if self.ended_by == "person":
            return "sealed"
        if self.is_over(now) or device != self.device:
            if chosen:
                self.kept.add((number, tuple(chosen)))
            return "late" if self.is_over(now) else "taken"
        if self.stopped is not None:
            return "stopped"
        self.answers[number] = chosen
        return "saved"

    def stop(self, why, now):
        self.stopped, self.why = now, why

    def run_on(self, now):
        self.deadline += now - self.stopped
        self.stopped, self.why = None, ""

    def pause_all(self, now):
        self.paused = now
        if self.can_stop(now):
            self.stop("all", now)

    def resume_all(self, now):
        since, self.paused = self.paused, None
        if self.stopped == since and self.why != "call_back" and not self.ended_by:
            self.run_on(now)

    def forget_call_back(self):
        """Let the clock have run all the time; a pause of all since then holds it."""
        is_held = self.paused is not None and self.paused < self.deadline
        self.stopped, self.why = (self.paused, "all") if is_held else (None, "")

    def end(self, by):
        self.ended_by, self.stopped, self.why = by, None, ""

    def seconds_left(self, now):
        if self.ended_by:
            return 0
        left = self.deadline - (self.stopped or now)
        return max(0, int(left.total_seconds()))
