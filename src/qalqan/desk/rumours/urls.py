"""Addresses of claims and messages."""

from django.urls import path

from qalqan.desk.rumours.views import answers, claims, messages

app_name = "rumours"

urlpatterns = [
    path("", claims.claim_list, name="claims"),
    path("export.csv", claims.claim_export, name="export"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<int:message_id>/open/", messages.message_open, name="open"),
    path("<int:claim_id>/", claims.claim_page, name="claim"),
    path("<int:claim_id>/answer/", answers.claim_answer, name="answer"),
    path("<int:claim_id>/state/", answers.claim_state, name="state"),
]
