"""What the ledger held becomes first versions, and its sources become reports.

The columns of an incident are taken as said by the source that came first; what a later source
said otherwise stood in ``differs``. An incident of which no source was named gets a report
without a source. The desk's texts (known, contested, unknown) stay where they are.
"""

from datetime import UTC

from django.db import migrations

COLUMNS = (
    "external_id", "title_kk", "title_ru", "title_en", "kind", "occurred_from", "occurred_to",
    "time_precision", "place_id", "district_id", "place_text", "latitude", "longitude",
    "place_precision", "killed", "injured", "officers_killed", "weapons", "official_position",
    "what_is_known", "contested", "unknown", "reported_at", "who_claims", "why", "states",
    "search_text", "is_sample",
)  # fmt: skip
NUMBERS = ("killed", "injured", "officers_killed")
ATTRIBUTES = ("when", "where", "what", *NUMBERS, "weapons", "who_claims", "why")
DIFFERED = {"kind": "what", "weapons": "weapons"}
CHUNK = 1_000


def stated(row):
    """Return what the columns of an incident state, by attribute."""
    where = {
        "place": row.place_id, "district": row.district_id, "text": row.place_text,
        "latitude": row.latitude, "longitude": row.longitude, "precision": row.place_precision,
    }  # fmt: skip
    says = {
        "when": {
            "from": row.occurred_from.astimezone(UTC).isoformat(),
            "to": row.occurred_to.astimezone(UTC).isoformat(),
            "precision": row.time_precision,
        },
        "where": {name: value for name, value in where.items() if value not in (None, "")},
        "what": row.kind,
        **{name: getattr(row, name) for name in NUMBERS if getattr(row, name) is not None},
    }
    if row.weapons != "unknown":
        says["weapons"] = row.weapons
    return {name: {"value": value} for name, value in says.items()}


def otherwise(differs, row):
    """Return what a later source said otherwise, by attribute."""
    says = {}
    for name, value in differs.items():
        if name in NUMBERS or name in DIFFERED:
            says[DIFFERED.get(name, name)] = {"value": value}
        elif name == "place_text":
            says["where"] = {"value": {"text": value, "precision": row.place_precision}}
    return says


def state(attribute, reports):
    """Return how an attribute stands by these reports."""
    said = [
        (report.says[attribute]["value"], report.credibility)
        for report in reports
        if attribute in report.says
    ]
    if not said:
        return "unknown"
    if len(said) > 1 or all(credibility in (4, 5) for _value, credibility in said):
        return "contested" if len({str(value) for value, _grade in said}) > 1 or all(
            credibility in (4, 5) for _value, credibility in said
        ) else "known"  # fmt: skip
    return "known"


def forward(apps, schema_editor):
    Incident = apps.get_model("incidents", "Incident")
    newest = Incident.objects.filter(version=0).order_by("pk")
    while rows := list(newest[:CHUNK]):
        _chunk(apps, rows)


def _chunk(apps, rows):
    Incident, Report, Version = (
        apps.get_model("incidents", name) for name in ("Incident", "Report", "IncidentVersion")
    )
    reports = {row.pk: [] for row in rows}
    for report in Report.objects.filter(incident__in=rows).select_related("source").order_by("pk"):
        reports[report.incident_id].append(report)
    changed, added, versions = [], [], []
    for row in rows:
        own = reports[row.pk]
        for number, report in enumerate(own):
            report.says = otherwise(report.differs, row) if number else stated(row)
            report.recorded_at = report.first_recorded_at = row.recorded_at
            report.is_official = report.source.kind == "agency"
            changed.append(report)
        if not own:
            own = [
                Report(
                    incident=row, source=None, credibility=6, says=stated(row),
                    reported_at=row.reported_at, recorded_at=row.recorded_at,
                    first_recorded_at=row.recorded_at,
                )
            ]  # fmt: skip
            added += own
        row.states = {attribute: state(attribute, own) for attribute in ATTRIBUTES}
        row.version, row.changed_at = 1, row.recorded_at
        versions.append(
            Version(
                incident=row, number=1, recorded_from=row.recorded_at, act="migrated",
                **{name: getattr(row, name) for name in COLUMNS},
            )
        )  # fmt: skip
    fields = ["says", "recorded_at", "first_recorded_at", "is_official"]
    Report.objects.bulk_update(changed, fields, batch_size=200)
    Report.objects.bulk_create(added, batch_size=500)
    Incident.objects.bulk_update(rows, ["states", "version", "changed_at"], batch_size=200)
    Version.objects.bulk_create(versions, batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_ledger")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
