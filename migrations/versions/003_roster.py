"""The roster: windows, posts, 事项目录, dated placements, leave, A/B角, 议事机构, authorisations.

Where a person works moves from his own row into a placement that begins on the day he joined.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "003"
down_revision = "002"

EMPLOYMENTS = ("civil", "institution", "stationed", "dispatched")
GROUPS = ("general", "special", "assistant", "guide", "back_office")
ABSENCES = ("maternity", "sick", "annual", "errand", "duty", "training", "other")
OFFICES = ("chair", "vice_chair", "member")


def enum(name: str, *values: str) -> sa.Enum:
    """Give a text column with a CHECK on its values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    extend_department()
    create_places()
    create_periods()
    create_committees()
    move_people()
    shorten_person()


def extend_department() -> None:
    """Tell sections of the centre from 进驻部门; all that were there are taken for the latter."""
    with op.batch_alter_table("department") as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                enum("kind_valid", "section", "stationed"),
                nullable=False,
                server_default="stationed",
            )
        )
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_check_constraint(
            op.f("ck_department_position_positive"), sa.text("position > 0")
        )
    with op.batch_alter_table("department") as batch_op:
        batch_op.alter_column("kind", server_default=None)
        batch_op.alter_column("version", server_default=None)


def create_places() -> None:
    """Make windows, posts and 事项."""
    op.create_table(
        "service_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_service_window_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_window")),
        sa.UniqueConstraint("number", name=op.f("uq_service_window_number")),
    )
    op.create_index("ix_service_window_department_id", "service_window", ["department_id"])
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("post_group", enum("group_valid", *GROUPS), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("name", name=op.f("uq_post_name")),
    )
    op.create_table(
        "service_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("depth", sa.String(length=40), nullable=False),
        sa.Column("is_frequent", sa.Boolean(), nullable=False),
        sa.Column("manual_version", sa.String(length=40), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_service_item_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item")),
        sa.UniqueConstraint("code", name=op.f("uq_service_item_code")),
    )
    op.create_index("ix_service_item_department_id", "service_item", ["department_id"])


def of_person(table: str, column: str = "person_id") -> sa.ForeignKeyConstraint:
    """Give the foreign key to a person."""
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))


def create_periods() -> None:
    """Make what holds for a person from a day to a day."""
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_placement_ends_after_start")
        ),
        of_person("placement"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_placement_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["service_window.id"], name=op.f("fk_placement_window_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_placement_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "person_id", "starts_on", name=op.f("uq_placement_person_id_starts_on")
        ),
    )
    for column in ("department_id", "window_id", "post_id"):
        op.create_index(f"ix_placement_{column}", "placement", [column])
    op.create_index(
        "ix_placement_open",
        "placement",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", enum("kind_valid", *ABSENCES), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("covered_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_ends_after_start")),
        sa.CheckConstraint(
            "covered_by_id <> person_id", name=op.f("ck_absence_covered_by_another")
        ),
        of_person("absence"),
        of_person("absence", "covered_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id"])
    op.create_index("ix_absence_covered_by_id", "absence", ["covered_by_id"])
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_deputy_ends_after_start")
        ),
        sa.CheckConstraint("deputy_id <> person_id", name=op.f("ck_deputy_another_person")),
        of_person("deputy"),
        of_person("deputy", "deputy_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
        sa.UniqueConstraint(
            "person_id",
            "deputy_id",
            "starts_on",
            name=op.f("uq_deputy_person_id_deputy_id_starts_on"),
        ),
    )
    op.create_index("ix_deputy_deputy_id", "deputy", ["deputy_id"])
    op.create_table(
        "authorisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("service_item_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_authorisation_ends_after_start"),
        ),
        sa.CheckConstraint(
            "granted_by_id <> person_id", name=op.f("ck_authorisation_granted_by_another")
        ),
        of_person("authorisation"),
        of_person("authorisation", "granted_by_id"),
        sa.ForeignKeyConstraint(
            ["service_item_id"], ["service_item.id"], name=op.f("fk_authorisation_service_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
        sa.UniqueConstraint(
            "person_id",
            "service_item_id",
            "starts_on",
            name=op.f("uq_authorisation_person_id_service_item_id_starts_on"),
        ),
    )
    op.create_index("ix_authorisation_service_item_id", "authorisation", ["service_item_id"])


def create_committees() -> None:
    """Make 议事机构 with their members."""
    op.create_table(
        "committee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("duty", sa.String(length=300), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
        sa.UniqueConstraint("name", name=op.f("uq_committee_name")),
    )
    op.create_table(
        "committee_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("office", enum("office_valid", *OFFICES), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_committee_member_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_committee_member_committee_id")
        ),
        of_person("committee_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_member")),
        sa.UniqueConstraint(
            "committee_id",
            "person_id",
            "starts_on",
            name=op.f("uq_committee_member_committee_id_person_id_starts_on"),
        ),
    )
    op.create_index("ix_committee_member_person_id", "committee_member", ["person_id"])


def move_people() -> None:
    """Turn each person's post and department into a placement."""
    op.execute(
        "INSERT INTO post (name, post_group, version) SELECT DISTINCT post, CASE"
        " WHEN post LIKE '综%' THEN 'general' WHEN post LIKE '专%' THEN 'special'"
        " WHEN post LIKE '帮办%' THEN 'assistant' WHEN post LIKE '导服%' THEN 'guide'"
        " ELSE 'back_office' END, 1 FROM person"
    )
    op.execute(
        "INSERT INTO placement (person_id, department_id, post_id, starts_on, ends_on)"
        " SELECT person.id, person.department_id, post.id, person.joined_on, person.left_on"
        " FROM person JOIN post ON post.name = person.post"
    )


def shorten_person() -> None:
    """Take post and department off the person; add 用工性质 and telephone."""
    with op.batch_alter_table("person") as batch_op:
        batch_op.drop_index("ix_person_department_id")
        batch_op.drop_constraint(op.f("fk_person_department_id"), type_="foreignkey")
        batch_op.drop_column("department_id")
        batch_op.drop_column("post")
        batch_op.add_column(
            sa.Column("employment", enum("employment_valid", *EMPLOYMENTS), nullable=True)
        )
        batch_op.add_column(
            sa.Column("phone", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("person") as batch_op:
        batch_op.alter_column("phone", server_default=None)
        batch_op.alter_column("version", server_default=None)
