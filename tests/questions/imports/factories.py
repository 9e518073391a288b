"""Files of questions for tests: uploaded through the page, read by the job itself."""

import io

from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import db
from app.questions.imports.models import QuestionImport, QuestionImportItem

URL = "/questions/imports/new"
# One that is sure, one whose key is beyond its options, one without a key.
TEXT = """一、单选题
1. 材料齐全的，多长时间内完成收件？
A. 5分钟
B. 15分钟
答案：B
依据：方案三（四）10
2. 谁负责到底？
A. 首问责任人
B. 无人
答案：C
依据：方案三（四）10
3. 多长时间答复？
A. 一天
B. 两天
依据：方案三（四）10
"""
FIELDS = {"bank": "综合题库", "category": "common", "post_group": "", "is_unclassified": "y"}


def upload(browser, content=TEXT, name="题库.txt", status=303, **values):
    """Upload a file through its page; gives the answer."""
    content = content.encode() if isinstance(content, str) else content
    page = browser.get(URL)
    return browser.submit(
        page,
        {**FIELDS, "file": [(io.BytesIO(content), name)], **values},
        form="#upload-form",
        status=status,
    )


def run_jobs(app):
    """Do all jobs that wait."""
    with app.app_context():
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)


def read(app, browser, content=TEXT, name="题库.txt", **values):
    """Upload a file and have it read; gives its page's address."""
    upload(browser, content, name, **values)
    run_jobs(app)
    with app.app_context():
        last = db.session.query(QuestionImport).order_by(QuestionImport.id.desc()).first()
        return f"/questions/imports/{last.public_id}"


def items(app):
    """Give place and state of all items."""
    with app.app_context():
        rows = db.session.query(QuestionImportItem).order_by(
            QuestionImportItem.import_id, QuestionImportItem.place
        )
        return [each.state.value for each in rows]


def last_job(app):
    """Give the last job."""
    with app.app_context():
        return db.session.query(Job).order_by(Job.id.desc()).first()
