"""Addresses of the pages about work."""

from django.urls import path

from qalqan.desk.platform.work.views import items as views

app_name = "work"
urlpatterns = [
    path("", views.item_list, name="items"),
    path("add/", views.add, name="add"),
    path("<int:item_id>/", views.item_page, name="item"),
    path("<int:item_id>/accept/", views.accept, name="accept"),
    path("<int:item_id>/close/", views.close, name="close"),
    path("<int:item_id>/hand-over/", views.hand_over, name="hand_over"),
    path("offers/<int:offer_id>/accept/", views.accept_offer, name="accept_offer"),
    path("offers/<int:offer_id>/refuse/", views.refuse_offer, name="refuse_offer"),
]
