"""A file of the old bank in the demonstration: read, and waiting for somebody to look at it.

"what is sure is taken, what is doubtful is shown side by side with the source": it has both.
"""

from datetime import date, timedelta
from pathlib import Path

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at, on, weekday
from app.files.uploads import Upload
from app.jobs import service as jobs
from app.kernel import clock
from app.questions.imports import service
from app.questions.imports.conversion import EVERYBODY
from app.questions.models import USUAL_BANK

CLERK = "QY0103"
AGO = timedelta(days=1)
FILE = Path(__file__).parent / "demo_bank" / "old_bank.txt"
NAME = "窗口应知应会（旧题库）.txt"


def fill(day: date) -> None:
    """Upload the file as the 经办人 of the cast, and have it read."""
    stored = service.store_upload(Upload(name=NAME, content=FILE.read_bytes()))
    with on(day - AGO, 15):
        service.upload_questions(
            file=stored,
            answers=None,
            bank=USUAL_BANK,
            audience=EVERYBODY,
            user=one_of_cast(CLERK),
        )
    with clock.frozen(at(weekday(day - AGO), 15, 1)):
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)
