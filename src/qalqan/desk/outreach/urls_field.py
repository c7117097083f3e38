"""Addresses of field notes."""

from django.urls import path

from qalqan.desk.outreach.views import notes

urlpatterns = [
    path("notes/", notes.note_list, name="notes"),
    path("notes/add/", notes.note_add, name="note_add"),
    path("notes/<int:note_id>/", notes.note_page, name="note"),
    path("notes/<int:note_id>/answer/", notes.note_answer, name="note_answer"),
    path("notes/<int:note_id>/close/", notes.note_close, name="note_close"),
    path("notes/pictures/<int:picture_id>/", notes.note_picture, name="note_picture"),
]
