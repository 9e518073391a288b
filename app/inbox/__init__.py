"""待办与通知: what waits for a person, and what he should know."""

from datetime import timedelta

from app.inbox import card, own_data, reminders, views
from app.kernel.feature import Feature, Periodic

FEATURE = Feature(
    name="inbox",
    blueprint=views.blueprint,
    card=card.show_card,
    periodic=(Periodic(name="inbox.remind", every=timedelta(minutes=30), run=reminders.remind),),
    personal_data=own_data.tables_of,
    forget_person=own_data.forget_person,
)
