"""Long work with progress: rows are the truth, a killed worker's work is taken up again."""

from app.jobs import own_data, views, worker
from app.kernel.feature import Feature

FEATURE = Feature(
    name="jobs", personal_data=own_data.tables_of, blueprint=views.blueprint, init=worker.init
)
