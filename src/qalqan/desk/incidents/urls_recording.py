"""Addresses where incidents come in by hand or by file, and go out by file."""

from django.urls import path

from qalqan.desk.incidents.views import files, recording

urlpatterns = [
    path("record/", recording.incident_record, name="record"),
    path("import/", files.incident_import, name="import"),
    path("export.csv", files.incident_export, name="export"),
    path("export.geojson", files.incident_export, {"form": "geojson"}, name="export_geojson"),
    path("export.stix.json", files.incident_export, {"form": "stix"}, name="export_stix"),
]
