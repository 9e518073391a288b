"""The log of acts: who did what, when and from where; written in the act's own transaction."""

from datetime import timedelta

from app.audit import card, cli, heads, own_data, retention, service, verification, views
from app.audit.models import TRIGGERS
from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission

FEATURE = Feature(
    name="audit",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.PEOPLE,
            label="审计日志",
            endpoint="audit.list_entries",
            permission=Permission.AUDIT_LOG_READ,
            position=10,
            endpoints=frozenset({"audit.show_entry", "audit.show_chain"}),
        ),
    ),
    cli=cli.commands,
    jobs={verification.JOB: verification.run_verification},
    periodic=(
        Periodic(name="audit.head", every=timedelta(minutes=10), run=heads.write_daily_head),
        Periodic(name="audit.purge", every=timedelta(hours=6), run=retention.purge_old_entries),
    ),
    triggers=TRIGGERS,
    settings=(retention.RETENTION_DAYS,),
    card=card.show_card,
    personal_data=own_data.tables_of,
    init=service.init,
)
