"""Addresses of writing, approving and ending warnings."""

from django.urls import path

from qalqan.desk.alerts.views import approving, compose, templates, warnings

urlpatterns = [
    path("", warnings.warnings, name="warnings"),
    path("begin/", compose.begin, name="begin"),
    path("map.json", compose.map_data, name="map_data"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/load/", templates.load, name="templates_load"),
    path("templates/<slug:code>/", templates.template, name="template"),
    path("<int:alert_id>/", warnings.warning, name="warning"),
    path("<int:alert_id>/update/", warnings.update, name="update"),
    path("<int:alert_id>/cancel/", warnings.cancel, name="cancel"),
    path("messages/<int:version_id>/", approving.message, name="message"),
    path("messages/<int:version_id>/write/", compose.write, name="write"),
    path("messages/<int:version_id>/check/", compose.check, name="check"),
    path("messages/<int:version_id>/discard/", compose.discard, name="discard"),
    path("messages/<int:version_id>/approve/", approving.approve, name="approve"),
    path("messages/<int:version_id>/send-alone/", approving.send_alone, name="send_alone"),
    path("messages/<int:version_id>/send-back/", approving.send_back, name="send_back"),
    path("messages/<int:version_id>/review/", approving.review, name="review"),
    path("messages/<int:version_id>/cap.xml", approving.cap_file, name="cap_file"),
]
