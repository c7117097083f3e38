"""Addresses of claims, messages, answers and of those who are told."""

from django.urls import path

from qalqan.desk.rumours import queue_urls
from qalqan.desk.rumours.views import answers, claims, flow, messages, publishing, trust

app_name = "rumours"

urlpatterns = [
    path("", claims.claim_list, name="claims"),
    path("export.csv", claims.claim_export, name="export"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<int:message_id>/open/", messages.message_open, name="open"),
    path("<int:claim_id>/", claims.claim_page, name="claim"),
    path("<int:claim_id>/do/<slug:act>/", flow.claim_act, name="act"),
    path("<int:claim_id>/evidence/", flow.evidence_add, name="evidence"),
    path("<int:claim_id>/verdict/", flow.verdict_give, name="verdict"),
    path("<int:claim_id>/answer/", answers.answer_write, name="answer"),
    path("<int:claim_id>/again/", answers.answer_again, name="again"),
    path("answers/", answers.answer_list, name="answers"),
    path("answers/<int:answer_id>/", answers.answer_review, name="review"),
    path("answers/<int:answer_id>/publish/", answers.answer_publish, name="publish"),
    path("answers/<int:answer_id>/send-back/", answers.answer_send_back, name="send_back"),
    path("answers/<int:answer_id>/withdraw/", answers.answer_withdraw, name="withdraw"),
    path("publishing/", publishing.overview, name="publishing"),
    path("publishing/webhooks/add/", publishing.webhook_add, name="webhook_add"),
    path(
        "publishing/webhooks/<int:webhook_id>/switch/",
        publishing.webhook_switch,
        name="webhook_switch",
    ),
    path("trust/", trust.trust, name="trust"),
    *queue_urls.urlpatterns,
]
