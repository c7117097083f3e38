"""Addresses of the queue; `urls` takes them in."""

from django.urls import path

from qalqan.desk.rumours.views import queue

urlpatterns = [
    path("attention/", queue.attention, name="attention"),
    path("attention/minutes/", queue.minutes, name="minutes"),
    path("measures/", queue.measures, name="measures"),
    path("suggestions/", queue.suggestion_list, name="suggestions"),
    path("suggestions/<int:pk>/", queue.suggestion_decide, name="suggestion_decide"),
    path("merges/<int:pk>/undo/", queue.merge_undo, name="merge_undo"),
    path("doubts/<int:pk>/", queue.doubt_reject, name="doubt_reject"),
    path("<int:claim_id>/credibility/", queue.credibility, name="credibility"),
    path("<int:claim_id>/severity/", queue.severity, name="severity"),
    path("<int:claim_id>/merge/", queue.merge, name="merge"),
    path("<int:claim_id>/split/", queue.split, name="split"),
]
