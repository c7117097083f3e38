"""The states of the desk's work on a claim, its owner, its severity, what it was merged into."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("new", "New"),
    ("triage", "In triage"),
    ("checking", "Being checked"),
    ("verdict", "Verdict given"),
    ("answered", "Answered"),
    ("watching", "Watched"),
    ("closed", "Closed"),
    ("returned", "Returned"),
    ("duplicate", "Duplicate"),
    ("unverifiable", "Cannot be checked"),
]
SEVERITIES = [
    ("threat_to_life", "Threat to life"),
    ("violence", "Violence"),
    ("panic", "Panic"),
    ("services", "Services disturbed"),
    ("other", "Other"),
]


def carry_over(apps, schema_editor):
    """A claim that was watched goes on being watched if it was answered, else to triage."""
    claims = apps.get_model("rumours", "Claim").objects.filter(state="watched")
    answered = apps.get_model("rumours", "Answer").objects.values("claim_id")
    claims.filter(pk__in=answered).update(state="watching")
    claims.update(state="triage")


def carry_back(apps, schema_editor):
    claims = apps.get_model("rumours", "Claim").objects
    claims.filter(state__in=["triage", "checking", "watching", "returned"]).update(state="watched")
    claims.filter(state__in=["duplicate", "unverifiable"]).update(state="closed")
    claims.filter(state="verdict").update(state="answered")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("rumours", "0003_sample_index_and_rules"),
    ]

    operations = [
        migrations.RenameField("claim", "status", "state"),
        migrations.AlterField(
            "claim",
            "state",
            models.CharField(
                choices=STATES,
                db_default="new",
                default="new",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.RunPython(carry_over, carry_back),
        migrations.AddField(
            "claim",
            "state_since",
            models.DateTimeField(blank=True, null=True, verbose_name="in this state since"),
        ),
        migrations.AddField(
            "claim",
            "owner",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="checked by",
            ),
        ),
        migrations.AddField(
            "claim",
            "severity",
            models.CharField(
                blank=True,
                choices=SEVERITIES,
                db_default="",
                default="",
                help_text="Empty until somebody has judged it.",
                max_length=14,
                verbose_name="severity",
            ),
        ),
        migrations.AddField(
            "claim",
            "merged_into",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="rumours.claim",
                verbose_name="says the same as",
            ),
        ),
        migrations.AddIndex(
            "claim",
            models.Index(
                condition=models.Q(("state", "new"), _negated=True),
                fields=["state", "last_seen"],
                name="claim_in_hand",
            ),
        ),
        migrations.AddConstraint(
            "claim",
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="claim_not_merged_into_itself",
            ),
        ),
    ]
