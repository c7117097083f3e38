"""An index of words over ``search_text``: FTS5 on SQLite, GIN on PostgreSQL.

The database keeps it by itself, so no way of writing a row can forget it.
"""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE incidents_search USING fts5(
        search_text, content='incidents_incident', content_rowid='id', detail=none,
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER incidents_search_insert AFTER INSERT ON incidents_incident BEGIN
        INSERT INTO incidents_search(rowid, search_text) VALUES (new.id, new.search_text);
    END""",
    """CREATE TRIGGER incidents_search_delete AFTER DELETE ON incidents_incident BEGIN
        INSERT INTO incidents_search(incidents_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
    END""",
    """CREATE TRIGGER incidents_search_update AFTER UPDATE OF search_text ON incidents_incident
    BEGIN
        INSERT INTO incidents_search(incidents_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
        INSERT INTO incidents_search(rowid, search_text) VALUES (new.id, new.search_text);
    END""",
    "INSERT INTO incidents_search(incidents_search) VALUES ('rebuild')",
]
POSTGRES = [
    """CREATE INDEX incidents_search ON incidents_incident
        USING gin (to_tsvector('simple', search_text))""",
]


def create(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRES:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER incidents_search_{event}")
        schema_editor.execute("DROP TABLE incidents_search")
    else:
        schema_editor.execute("DROP INDEX incidents_search")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
