"""Addresses of quarterly reports at the desk."""

from django.urls import path

from qalqan.desk.commission.views import reports

urlpatterns = [
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("reports/<int:report_id>/publish/", reports.report_publish, name="report_publish"),
    path("reports/<int:report_id>/discard/", reports.report_discard, name="report_discard"),
    path("reports/<int:report_id>/correct/", reports.report_correct, name="report_correct"),
]
