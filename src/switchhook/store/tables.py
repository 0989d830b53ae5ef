"""The tables; whatever belongs to an account carries its `org_id`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the moment in UTC."""
        del dialect
        return _in_utc(value) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        del dialect
        return _in_utc(value) if value else None


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


Json = JSON(none_as_null=True)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

organizations = Table(
    "organizations",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("policy", Json),
    Column("salt", String, nullable=False),  # hides the callees of deleted calls
    Column("created_at", Moment, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("key", String, primary_key=True),
    Column("org_id", String, ForeignKey("organizations.id"), nullable=False, index=True),
    Column("label", String, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)

secrets = Table(
    "secrets",
    metadata,
    Column("key", String, ForeignKey("keys.key"), primary_key=True),
    Column("digest", String, primary_key=True),
    Column("created_at", Moment, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("id", String, primary_key=True),
    Column("org_id", String, ForeignKey("organizations.id"), nullable=False),
    Column("folded_name", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("spec", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("org_id", "folded_name"),
)

numbers = Table(
    "numbers",
    metadata,
    Column("id", String, primary_key=True),
    Column("org_id", String, ForeignKey("organizations.id"), nullable=False, index=True),
    Column("number", String, nullable=False, unique=True),  # a number has one owner
    Column("carrier", String, nullable=False),
    Column("carrier_ref", String),
    Column("label", String, nullable=False),
    Column("agent_id", String),
    Column("context_endpoint", String),
    Column("created_at", Moment, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("org_id", String, ForeignKey("organizations.id"), nullable=False),
    Column("external_id", String),
    Column("channel", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("stage", String, nullable=False),
    Column("outcome_unknown", Boolean, nullable=False),
    Column("agent", Json, nullable=False),
    Column("agent_id", String),
    Column("agent_name", String, nullable=False),
    Column("task", Text),
    Column("from_number", String),
    Column("to_number", String),
    Column("callee", String),  # the number, hidden; it outlives a deletion, so that caps hold
    Column("carrier", String),
    Column("carrier_ref", String),
    Column("simulated", Boolean, nullable=False),
    Column("variables", Json, nullable=False),
    Column("metadata", Json, nullable=False),
    Column("options", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("queued_at", Moment),
    Column("started_at", Moment),
    Column("answered_at", Moment),
    Column("ended_at", Moment),
    Column("seconds", Float),
    Column("deleted_at", Moment),
    Column("outcome", Json),
    Column("analysis", Json),
    Column("recording", Json),
    Column("latency", Json),
    Column("last_seq", Integer, nullable=False),
    Column("open_question", String),
    Column("extra", Json, nullable=False),
    UniqueConstraint("org_id", "external_id"),
    Index(None, "org_id", "created_at"),
    Index(None, "org_id", "simulated", "queued_at"),
    Index(None, "state"),
)

happenings = Table(
    "happenings",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("org_id", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("session_ms", BigInteger, nullable=False),
    ForeignKeyConstraint(["call_id"], ["calls.id"]),
)

attempts = Table(
    "attempts",
    metadata,
    Column("token", String, primary_key=True),
    Column("call_id", String, ForeignKey("calls.id"), nullable=False, index=True),
    Column("org_id", String, nullable=False),
    Column("carrier", String, nullable=False),
    Column("carrier_ref", String),
    Column("to_number", String),  # whom a call is transferred to; else the call's own
    Column("outcome", String),
    Column("created_at", Moment, nullable=False),
)

finishing = Table(
    "finishing",
    metadata,
    Column("call_id", String, ForeignKey("calls.id"), primary_key=True),
    Column("step", String, primary_key=True),
    Column("org_id", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
    Column("problem", Text),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("org_id", String, ForeignKey("organizations.id"), primary_key=True),
    Column("operation", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("call_id", String, ForeignKey("calls.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("digest", String, primary_key=True),
    Column("org_id", String, ForeignKey("organizations.id"), nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

do_not_call = Table(
    "do_not_call",
    metadata,
    Column("org_id", String, ForeignKey("organizations.id"), primary_key=True),
    Column("number", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("created_at", Moment, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    Column("id", String, primary_key=True),
    Column("org_id", String, ForeignKey("organizations.id"), nullable=False, index=True),
    Column("provider", String, nullable=False),
    Column("name", String, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("ends_with", String, nullable=False),
    Column("created_at", Moment, nullable=False),
)
