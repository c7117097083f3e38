"""An index of words over every version; reports must say when the desk learnt of them.

Adding columns makes SQLite write a table anew, which drops its triggers: those of the incidents'
own index are made again here.
"""

from django.db import migrations, models

TABLES = {
    "incidents_search": "incidents_incident",
    "incidents_version_search": "incidents_incidentversion",
}
FTS = """CREATE VIRTUAL TABLE incidents_version_search USING fts5(
    search_text, content='incidents_incidentversion', content_rowid='id', detail=none,
    tokenize='unicode61 remove_diacritics 0')"""
GIN = """CREATE INDEX incidents_version_search ON incidents_incidentversion
    USING gin (to_tsvector('simple', search_text))"""


def triggers(index, table):
    """Return the statements that keep an index of words true to its table."""
    removed = f"""INSERT INTO {index}({index}, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);"""
    added = f"INSERT INTO {index}(rowid, search_text) VALUES (new.id, new.search_text);"
    return [
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {added} END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {removed} END",
        f"""CREATE TRIGGER {index}_update AFTER UPDATE OF search_text ON {table}
        BEGIN {removed} {added} END""",
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",
    ]


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute(GIN)
        return
    schema_editor.execute(FTS)
    for index, table in TABLES.items():
        for event in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {index}_{event}")
        for statement in triggers(index, table):
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP INDEX incidents_version_search")
        return
    for event in ("insert", "delete", "update"):
        schema_editor.execute(f"DROP TRIGGER incidents_version_search_{event}")
    schema_editor.execute("DROP TABLE incidents_version_search")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_histories")]

    operations = [
        migrations.RemoveField("report", "differs"),
        migrations.AlterField(
            "report",
            "recorded_at",
            models.DateTimeField(verbose_name="recorded at the desk"),
        ),
        migrations.AlterField(
            "report",
            "first_recorded_at",
            models.DateTimeField(verbose_name="recorded first"),
        ),
        migrations.RunPython(create, drop),
    ]
