"""Addresses of the pages about work."""

from django.urls import path

from qalqan.desk.platform.work.views import board, items, rules, worklist

app_name = "work"
urlpatterns = [
    path("", worklist.work_list, name="items"),
    path("export.csv", worklist.export, name="export"),
    path("take/", worklist.take, name="take"),
    path("board/", board.board, name="board"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/add/", rules.rule_add, name="rule_add"),
    path("rules/<int:rule_id>/", rules.rule_page, name="rule"),
    path("rules/<int:rule_id>/change/", rules.rule_change, name="rule_change"),
    path("rules/<int:rule_id>/try/", rules.rule_try, name="rule_try"),
    path("rules/<int:rule_id>/on/", rules.rule_on, name="rule_on"),
    path("rules/<int:rule_id>/off/", rules.rule_off, name="rule_off"),
    path("add/", items.add, name="add"),
    path("<int:item_id>/", items.item_page, name="item"),
    path("<int:item_id>/accept/", items.accept, name="accept"),
    path("<int:item_id>/close/", items.close, name="close"),
    path("<int:item_id>/hand-over/", items.hand_over, name="hand_over"),
    path("offers/<int:offer_id>/accept/", items.accept_offer, name="accept_offer"),
    path("offers/<int:offer_id>/refuse/", items.refuse_offer, name="refuse_offer"),
]
