"""Files by the hash of their content: produced documents, uploads, and what is swept of them."""

from datetime import timedelta

from app.files import papers, sweeping
from app.kernel.feature import Feature, Periodic

FEATURE = Feature(
    name="files",
    jobs={papers.JOB: papers.make_paper},
    periodic=(Periodic(name="files.sweep", every=timedelta(hours=6), run=sweeping.sweep_orphans),),
)
