"""The sources of an incident become reports: what each says, and when the desk learnt it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_hypotheses"),
        ("sources", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint("IncidentSource", "incident_source_once"),
        migrations.RemoveConstraint("IncidentSource", "incident_source_credibility"),
        migrations.RenameModel("IncidentSource", "Report"),
    ]
