"""The text of an answer stands in its versions only; a claim has one live answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rumours", "0007_answers_as_versions")]

    operations = [
        # With defaults, so that the way back finds something to put into the columns.
        migrations.AlterField("answer", "language", models.CharField(default="ru", max_length=7)),
        migrations.AlterField("answer", "text", models.TextField(default="", max_length=4000)),
        migrations.RemoveField(
            model_name="answer",
            name="language",
        ),
        migrations.RemoveField(
            model_name="answer",
            name="text",
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True), ("is_from_elsewhere", False)
                ),
                fields=("claim",),
                name="answer_one_live_a_claim",
            ),
        ),
    ]
