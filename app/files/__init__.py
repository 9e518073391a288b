"""Files by the hash of their content: produced documents, uploads, and what is swept of them."""

from datetime import timedelta

from app.files import papers, sweeping, views
from app.files.cli import commands
from app.kernel.feature import Feature, Periodic

FEATURE = Feature(
    name="files",
    blueprint=views.blueprint,
    cli=commands,
    jobs={papers.JOB: papers.make_paper},
    periodic=(Periodic(name="files.sweep", every=timedelta(hours=6), run=sweeping.sweep_orphans),),
)
