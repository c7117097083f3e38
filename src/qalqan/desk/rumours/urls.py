"""Addresses of claims and messages."""

from django.urls import path

from qalqan.desk.rumours import views

app_name = "rumours"

urlpatterns = [
    path("", views.claim_list, name="claims"),
    path("export.csv", views.claim_export, name="export"),
    path("messages/", views.message_list, name="messages"),
    path("messages/<int:message_id>/open/", views.message_open, name="open"),
    path("<int:claim_id>/", views.claim_page, name="claim"),
    path("<int:claim_id>/answer/", views.claim_answer, name="answer"),
    path("<int:claim_id>/status/", views.claim_status, name="status"),
]
