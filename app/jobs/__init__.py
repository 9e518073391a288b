"""Long work with progress: rows are the truth, a killed worker's work is taken up again."""

from app.jobs import views, worker
from app.kernel.feature import Feature

FEATURE = Feature(name="jobs", blueprint=views.blueprint, init=worker.init)
