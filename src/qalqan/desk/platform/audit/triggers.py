"""Triggers that keep the audit append-only in the database itself, on both databases."""

from __future__ import annotations

from typing import Any

APPEND_ONLY = ("audit_auditentry", "audit_auditseal")
HEAD = "audit_audithead"
MESSAGE = "the audit is append-only"

_POSTGRES_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}: % on %', TG_OP, TG_TABLE_NAME; END $$;
CREATE OR REPLACE FUNCTION audit_head_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sequence <> OLD.sequence + 1 THEN
    RAISE EXCEPTION '{MESSAGE}: the head moves by one';
  END IF;
  RETURN NEW;
END $$;
"""


def _sqlite_triggers() -> dict[str, str]:
    triggers = {
        f"{table}_no_{verb.lower()}": (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    }
    triggers[f"{HEAD}_no_delete"] = (
        f"CREATE TRIGGER {HEAD}_no_delete BEFORE DELETE ON {HEAD} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )
    triggers[f"{HEAD}_step"] = (
        f"CREATE TRIGGER {HEAD}_step BEFORE UPDATE ON {HEAD} "
        f"WHEN NEW.sequence <> OLD.sequence + 1 "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: the head moves by one'); END"
    )
    return triggers


def _postgres_triggers() -> dict[str, str]:
    triggers = {}
    for table in (*APPEND_ONLY, HEAD):
        verbs = "DELETE" if table == HEAD else "UPDATE OR DELETE"
        triggers[f"{table}_no_change"] = (
            f"CREATE TRIGGER {table}_no_change BEFORE {verbs} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
        triggers[f"{table}_no_truncate"] = (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    triggers[f"{HEAD}_step"] = (
        f"CREATE TRIGGER {HEAD}_step BEFORE UPDATE ON {HEAD} "
        "FOR EACH ROW EXECUTE FUNCTION audit_head_step()"
    )
    return triggers


def _wanted(connection: Any) -> dict[str, str]:
    return _sqlite_triggers() if connection.vendor == "sqlite" else _postgres_triggers()


def _table_of(trigger: str) -> str:
    return next(table for table in (*APPEND_ONLY, HEAD) if trigger.startswith(table))


def present(connection: Any) -> set[str]:
    """Return the names of the audit's triggers that the database has and obeys."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        return {row[0] for row in cursor.fetchall()} & set(_wanted(connection))


def missing(connection: Any) -> set[str]:
    """Return the names of the triggers that ought to be there and are not."""
    return set(_wanted(connection)) - present(connection)


def install(connection: Any) -> None:
    """Create the triggers that are missing; those that are there stay untouched."""
    absent = missing(connection)
    if not absent:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTIONS)
        for name, sql in _wanted(connection).items():
            if name in absent:
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {_table_of(name)}")
                cursor.execute(sql)


def remove(connection: Any) -> None:
    """Drop the triggers: for undoing the migration, and for emptying a test database."""
    with connection.cursor() as cursor:
        for name in present(connection):
            table = f" ON {_table_of(name)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{table}")
