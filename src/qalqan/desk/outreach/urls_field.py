"""Addresses of field notes, coverage, the plan and evaluations."""

from django.urls import path

from qalqan.desk.outreach.views import coverage, evaluations, notes, phone

urlpatterns = [
    path("notes/", notes.note_list, name="notes"),
    path("notes/add/", notes.note_add, name="note_add"),
    path("notes/<int:note_id>/", notes.note_page, name="note"),
    path("notes/<int:note_id>/answer/", notes.note_answer, name="note_answer"),
    path("notes/<int:note_id>/close/", notes.note_close, name="note_close"),
    path("notes/pictures/<int:picture_id>/", notes.note_picture, name="note_picture"),
    path("coverage/", coverage.coverage_page, name="coverage"),
    path("plan/", coverage.plan_page, name="plan"),
    path("plan/accept/", coverage.plan_accept, name="plan_accept"),
    path("evaluations/", evaluations.evaluation_list, name="evaluations"),
    path("evaluations/add/", evaluations.evaluation_add, name="evaluation_add"),
    path("evaluations/<int:evaluation_id>/", evaluations.evaluation_page, name="evaluation"),
    path("phone/", phone.phone, name="phone"),
    path("phone/worker.js", phone.worker, name="phone_worker"),
    path("phone/<str:language>/app.webmanifest", phone.manifest, name="phone_manifest"),
    path("phone/hello/", phone.hello, name="phone_hello"),
    path("phone/choices/", phone.choices, name="phone_choices"),
    path("phone/send/", phone.send, name="phone_send"),
    path("phone/picture/", phone.picture, name="phone_picture"),
    path("phone/wiped/", phone.wiped, name="phone_wiped"),
    path("phones/", phone.devices, name="devices"),
    path("phones/<int:device_id>/wipe/", phone.device_wipe, name="device_wipe"),
]
