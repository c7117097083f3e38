"""Addresses of the room of the commission."""

from django.urls import path

from qalqan.desk.commission import urls_accounts, urls_performance, urls_reports
from qalqan.desk.commission.views import decisions, lessons, table

app_name = "commission"
urlpatterns = [
    path("", table.overview, name="overview"),
    path("new/", table.commission_new, name="commission_new"),
    path("<int:commission_id>/", table.commission, name="commission"),
    path("<int:commission_id>/seats/new/", table.seat_new, name="seat_new"),
    path("seats/<int:seat_id>/end/", table.seat_end, name="seat_end"),
    path("<int:commission_id>/meetings/new/", table.meeting_new, name="meeting_new"),
    path("meetings/<int:meeting_id>/", table.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/items/new/", table.item_new, name="item_new"),
    path("meetings/<int:meeting_id>/begin/", table.meeting_begin, name="meeting_begin"),
    path("meetings/<int:meeting_id>/close/", table.meeting_close, name="meeting_close"),
    path("meetings/<int:meeting_id>/cancel/", table.meeting_cancel, name="meeting_cancel"),
    path("meetings/<int:meeting_id>/minutes.<str:language>.pdf", table.minutes, name="minutes"),
    path("items/<int:item_id>/conclude/", table.item_conclude, name="item_conclude"),
    path("items/<int:item_id>/decide/", table.decide, name="decide"),
    path("decisions/", decisions.decision_list, name="decisions"),
    path("decisions/<int:decision_id>/", decisions.decision, name="decision"),
    path("decisions/<int:decision_id>/show/", decisions.show, name="evidence_show"),
    path("evidence/<int:evidence_id>/judge/", decisions.judge, name="evidence_judge"),
    path("decisions/<int:decision_id>/postpone/", decisions.postpone, name="postpone"),
    path("decisions/<int:decision_id>/cancel/", decisions.cancel, name="cancel"),
    path("decisions/<int:decision_id>/replace/", decisions.replace, name="replace"),
    path("decisions/<int:decision_id>/extract.<str:language>.pdf", decisions.extract,
         name="extract"),
    path("lessons/", lessons.lessons, name="lessons"),
    path("lessons/new/", lessons.review_new, name="review_new"),
    path("lessons/<int:review_id>/", lessons.review, name="review"),
    path("lessons/<int:review_id>/causes/", lessons.cause_add, name="cause_add"),
    path("lessons/<int:review_id>/close/", lessons.review_close, name="review_close"),
    path("lessons/<int:review_id>/recommend/", lessons.recommend, name="recommend"),
    path("recommendations/<int:recommendation_id>/", lessons.recommendation,
         name="recommendation"),
    path("recommendations/<int:recommendation_id>/respond/", lessons.respond, name="respond"),
    path("recommendations/<int:recommendation_id>/rule/", lessons.rule, name="rule"),
    *urls_accounts.urlpatterns,
    *urls_performance.urlpatterns,
    *urls_reports.urlpatterns,
]  # fmt: skip
