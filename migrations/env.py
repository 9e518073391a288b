"""Runs migrations against the site's own engine, on both dialects.

On SQLite foreign keys are off while tables are rebuilt, because dropping a table would otherwise
delete its children's rows; they are checked afterwards.
"""

from alembic import context
from flask import current_app

from app.kernel import db

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata


def run() -> None:
    """Migrate in one transaction; a failing migration leaves nothing half done."""
    with db.migrating(), engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # A no-op inside a transaction, so it goes to the driver before BEGIN.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            # SQLite does have transactional DDL once the driver leaves BEGIN to us.
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    message = f"the migration breaks foreign keys: {broken[:5]}"
                    raise RuntimeError(message)


run()
