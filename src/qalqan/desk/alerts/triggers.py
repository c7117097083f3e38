"""A trigger that keeps approved messages as they were approved, on both databases."""

from __future__ import annotations

from typing import Any

TABLE = "alerts_alertversion"
NAME = "alerts_approved_is_fixed"
MESSAGE = "an approved warning never changes"
FIXED = (
    "alert_id", "number", "msg_type", "identifier", "xml", "xml_sha256", "signed_xml",
    "drafted_by_id", "approved_by_id", "approved_at", "is_break_glass", "break_glass_reason",
)  # fmt: skip
_OUT = "NEW.state IN ('approved', 'sent')"


def _sqlite() -> list[str]:
    differs = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FIXED)
    return [
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} WHEN OLD.approved_at IS NOT NULL "
        f"AND ({differs} OR NOT {_OUT}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ]


def _postgres() -> list[str]:
    differs = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)
    return [
        f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$",
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN (OLD.approved_at IS NOT NULL AND ({differs} OR NOT {_OUT})) "
        f"EXECUTE FUNCTION {NAME}()",
    ]


def is_present(connection: Any) -> bool:
    """Tell whether the database has the trigger and obeys it."""
    table = (
        "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = %s"
        if connection.vendor == "sqlite"
        else "SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(table, [NAME])
        return cursor.fetchone() is not None


def install(connection: Any) -> None:
    """Create the trigger where it is missing."""
    if is_present(connection):
        return
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgres():
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop the trigger, for undoing the migration."""
    on = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}{on}")
