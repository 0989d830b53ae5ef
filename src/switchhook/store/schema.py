"""The shape of the store: made at once when it is new, migrated when it is older."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from switchhook.store.tables import metadata

HEAD = "0001"
"""The newest revision in `migrations`; a test compares them."""

_LOCK = 5_749_021_663
"""Any number: it names the lock that keeps two processes from migrating at once."""


class SchemaTooNew(Exception):
    """A newer release has written this store."""


def prepare(connection: Connection) -> None:
    """Bring the store to the newest shape, within the transaction of the connection."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    match revision(connection):
        case None:
            metadata.create_all(connection)
            connection.execute(text("create table alembic_version (version_num varchar(32))"))
            connection.execute(text("insert into alembic_version values (:head)"), {"head": HEAD})
        case stored if stored == HEAD:
            return
        case stored if stored > HEAD:
            raise SchemaTooNew(
                f"the store has revision {stored}, but this release knows only up to {HEAD}:"
                " upgrade switchhook, or use another data directory"
            )
        case _:
            migrate(connection)


def revision(connection: Connection) -> str | None:
    """Return the revision of the store, nothing when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()


def migrate(connection: Connection, target: str = "head") -> None:
    """Apply the packaged migrations."""
    from alembic import command  # noqa: PLC0415 - heavy, and only an older store needs it
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
