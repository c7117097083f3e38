"""Addresses of the delivery board, of targets, and of people who ask to be warned."""

from django.urls import path

from qalqan.desk.alerts.views import board, subscribe, targets

urlpatterns = [
    path("messages/<int:version_id>/board/", board.board, name="board"),
    path("messages/<int:version_id>/board/part/", board.board_part, name="board_part"),
    path("messages/<int:version_id>/board/stream/", board.board_stream, name="board_stream"),
    path("messages/<int:version_id>/board/resend/", board.resend, name="resend"),
    path("targets/", targets.targets, name="targets"),
    path("targets/add/", targets.add, name="target_add"),
    path("targets/<int:target_id>/switch/", targets.switch, name="target_switch"),
    path("subscribe/", subscribe.subscribe_any, name="subscribe_any"),
    path("subscribe/<str:language>/", subscribe.subscribe, name="subscribe"),
    path("subscribe/<str:language>/code/", subscribe.code, name="subscribe_code"),
    path("subscribe/<str:language>/confirm/<str:token>/", subscribe.confirm, name="confirm"),
    path("subscribe/<str:language>/leave/<str:token>/", subscribe.leave, name="leave"),
]
