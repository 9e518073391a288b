"""大厅屏: groups of screens, their departments, picture packages and what each of them held."""

import sqlalchemy as sa
from alembic import op

from app.kernel import types

revision = "013"
down_revision = "012"


def words(name: str, *values: str) -> sa.Enum:
    """Give a text column that holds one of these words."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Go forward; there is no way back but the backup that is made before."""
    create_group()
    create_departments()
    create_package()
    create_items()


def create_group() -> None:
    """Make the table of groups."""
    op.create_table(
        "screen_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "orientation", words("orientation_valid", "landscape", "portrait"), nullable=False
        ),
        sa.Column("pace", words("pace_valid", "normal", "slow"), nullable=False),
        sa.Column("inches", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("takes_all", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", types.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "slug <> '' AND slug = lower(slug)", name=op.f("ck_screen_group_slug_lower")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_screen_group_name_given")),
        sa.CheckConstraint("inches BETWEEN 20 AND 300", name=op.f("ck_screen_group_inches_within")),
        sa.CheckConstraint("metres BETWEEN 1 AND 30", name=op.f("ck_screen_group_metres_within")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_screen_group_slug")),
        sa.UniqueConstraint("name", name=op.f("uq_screen_group_name")),
    )


def create_departments() -> None:
    """Make the table of the departments that a group was told to show."""
    op.create_table(
        "screen_group_department",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["screen_group.id"],
            name=op.f("fk_screen_group_department_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_screen_group_department_department_id"),
        ),
        sa.PrimaryKeyConstraint(
            "group_id", "department_id", name=op.f("pk_screen_group_department")
        ),
    )
    op.create_index(
        "ix_screen_group_department_department_id", "screen_group_department", ["department_id"]
    )


def create_package() -> None:
    """Make the table of packages."""
    op.create_table(
        "screen_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("fetched_at", types.UtcDateTime(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", types.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(file_id IS NULL) = (erased_at IS NOT NULL)",
            name=op.f("ck_screen_package_there_or_erased"),
        ),
        sa.CheckConstraint(
            "width BETWEEN 64 AND 7680 AND height BETWEEN 64 AND 7680",
            name=op.f("ck_screen_package_size_within"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["screen_group.id"], name=op.f("fk_screen_package_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["person.id"], name=op.f("fk_screen_package_ordered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_screen_package_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_package")),
        sa.UniqueConstraint("public_id", name=op.f("uq_screen_package_public_id")),
        sa.UniqueConstraint("file_id", name=op.f("uq_screen_package_file_id")),
    )
    op.create_index("ix_screen_package_group_id", "screen_package", ["group_id"])


def create_items() -> None:
    """Make the table of what each package held."""
    op.create_table(
        "screen_package_item",
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("slide_key", sa.String(length=80), nullable=False),
        sa.Column("slide_version", sa.String(length=64), nullable=False),
        sa.Column("window", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_screen_package_item_ends_later"),
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["screen_package.id"], name=op.f("fk_screen_package_item_package_id")
        ),
        sa.PrimaryKeyConstraint("package_id", "position", name=op.f("pk_screen_package_item")),
    )
