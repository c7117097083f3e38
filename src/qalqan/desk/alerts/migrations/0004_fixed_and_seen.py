"""Approved messages never change; a sender says when it was last seen."""

from django.db import migrations, models

from qalqan.desk.alerts import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_devices")]

    operations = [
        migrations.RemoveField(model_name="alertversion", name="override_reason"),
        migrations.AddField(
            model_name="sendingworker",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last seen"),
        ),
        migrations.RunPython(install, remove),
    ]
