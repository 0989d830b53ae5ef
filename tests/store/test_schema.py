"""The shape of the store, made at once or migrated step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from switchhook.store import engines, schema
from switchhook.store.database import Database
from switchhook.store.tables import metadata

pytestmark = pytest.mark.anyio

MIGRATIONS = Path(schema.__file__).with_name("migrations")


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def shape(connection: Connection) -> dict[str, object]:
    """Everything that can be read back of the tables, names included."""
    found = inspect(connection)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)],
            found.get_pk_constraint(name),
            sorted(found.get_foreign_keys(name), key=str),
            sorted(found.get_indexes(name), key=str),
            sorted(found.get_unique_constraints(name), key=str),
        )
        for name in metadata.tables
    }


@pytest.fixture
def engine(empty_url: str) -> engines.Engine:
    return engines.connect(empty_url)


def test_the_migrations_lead_to_the_tables(engine: engines.Engine) -> None:
    def migrated(connection: Connection) -> tuple[list[object], dict[str, object]]:
        schema.migrate(connection)
        return differences(connection), shape(connection)

    drift, by_migration = engine.write(migrated)
    assert drift == []
    engine.write(metadata.drop_all)
    engine.write(metadata.create_all)
    assert engine.read(shape) == by_migration
    engine.close()


def test_a_new_store_is_made_at_once_in_the_newest_shape(engine: engines.Engine) -> None:
    engine.write(schema.prepare)
    assert engine.read(schema.revision) == schema.HEAD
    assert engine.read(differences) == []
    engine.write(schema.prepare)
    engine.close()


def test_an_older_store_is_migrated(engine: engines.Engine) -> None:
    def age(connection: Connection) -> None:
        connection.execute(text("create table alembic_version (version_num varchar(32))"))
        connection.execute(text("insert into alembic_version values ('0000')"))

    engine.write(age)
    with pytest.raises(Exception, match="0000"):
        engine.write(schema.prepare)
    engine.write(lambda connection: connection.execute(text("delete from alembic_version")))
    engine.write(schema.migrate)
    engine.write(schema.prepare)
    assert engine.read(schema.revision) == schema.HEAD
    engine.close()


def test_the_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


async def test_a_store_of_a_newer_release_is_left_alone(
    database: Database, store_url: str, open_store: Callable[[str], Database]
) -> None:
    def move(revision: str) -> Callable[[Connection], None]:
        change = text("update alembic_version set version_num = :revision")
        return lambda connection: connection.execute(change, {"revision": revision}).close()

    await database.write(move("9999"))
    try:
        with pytest.raises(schema.SchemaTooNew, match="upgrade switchhook"):
            await open_store(store_url).ready()
    finally:
        await database.write(move(schema.HEAD))


def test_every_table_of_an_account_says_whose_it_is() -> None:
    without = {name for name, table in metadata.tables.items() if "org_id" not in table.c}
    assert without == {"organizations", "secrets"}
