"""Addresses of one incident: its page, its history, and the acts on it."""

from django.urls import path

from qalqan.desk.incidents.views import incident, judging, reports

urlpatterns = [
    path("<int:incident_id>/", incident.incident_page, name="incident"),
    path("<int:incident_id>/history/", incident.incident_history, name="incident_history"),
    path("<int:incident_id>/reports/add/", reports.report_add, name="report_add"),
    path("<int:incident_id>/hold/<str:attribute>/", judging.hold, name="hold"),
    path("<int:incident_id>/hold/<str:attribute>/release/", judging.release, name="release"),
    path("<int:incident_id>/correct/", judging.correct, name="correct"),
    path("<int:incident_id>/merge/", judging.merge, name="merge"),
    path("<int:incident_id>/split/", judging.split, name="split"),
    path("<int:incident_id>/restore/", judging.restore, name="restore"),
    path("reports/<int:report_id>/retract/", reports.report_retract, name="report_retract"),
    path("reports/<int:report_id>/dispute/", reports.report_dispute, name="report_dispute"),
    path("disputes/<int:dispute_id>/end/", reports.dispute_end, name="dispute_end"),
]
