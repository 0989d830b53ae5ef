"""How Alembic runs the migrations: on the connection that the store hands in."""

from alembic import context

from switchhook.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()
