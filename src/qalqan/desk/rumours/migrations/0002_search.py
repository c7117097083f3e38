"""Full-text search: a plain FTS5 table on SQLite, a tsvector with a GIN index on PostgreSQL."""

from django.db import migrations

TABLES = ("rumours_message_search", "rumours_claim_search")


def create(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5(words, content='', detail=none, "
                "columnsize=0, tokenize='unicode61 remove_diacritics 0')"
            )
        else:
            schema_editor.execute(
                f"CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)"
            )
            schema_editor.execute(
                f"CREATE INDEX {table}_words ON {table} USING gin (words) "
                "WITH (fastupdate = on)"
            )


def drop(apps, schema_editor):
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("rumours", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
