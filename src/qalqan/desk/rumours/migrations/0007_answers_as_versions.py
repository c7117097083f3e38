"""What answers said goes into their first versions, marked as published elsewhere."""

from django.db import migrations

COLUMN = {"kk-Cyrl": "kk", "kk-Latn": "kk", "ru": "ru", "en": "en"}


def carry_over(apps, schema_editor):
    answers = apps.get_model("rumours", "Answer")
    versions = apps.get_model("rumours", "AnswerVersion")
    publications = apps.get_model("rumours", "Publication")
    for answer in answers.objects.order_by("pk").iterator(chunk_size=500):
        column = COLUMN.get(answer.language, "ru")
        version = versions.objects.create(
            answer=answer,
            number=1,
            verdict=answer.verdict,
            **{f"text_{column}": answer.text, f"headline_{column}": answer.text[:80]},
            written_by=answer.recorded_by,
            written_at=answer.recorded_at,
            approved_at=answer.published_at,
            is_from_elsewhere=True,
        )
        publications.objects.create(
            answer=answer,
            version=version,
            kind="first",
            at=answer.published_at,
            by=answer.recorded_by,
        )
        answer.state = "published"
        answer.changed_at = answer.recorded_at
        answer.is_from_elsewhere = True
        answer.save(update_fields=["state", "changed_at", "is_from_elsewhere"])


def carry_back(apps, schema_editor):
    versions = apps.get_model("rumours", "AnswerVersion")
    for version in versions.objects.select_related("answer").order_by("answer_id", "number"):
        answer = version.answer
        for column, language in (("en", "en"), ("ru", "ru"), ("kk", "kk-Cyrl")):
            if text := getattr(version, f"text_{column}"):
                answer.text, answer.language = text, language
        answer.save(update_fields=["text", "language"])


class Migration(migrations.Migration):
    dependencies = [("rumours", "0006_answers_and_publishing")]

    operations = [migrations.RunPython(carry_over, carry_back)]
