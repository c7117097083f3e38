"""Addresses of the matrix and of matters."""

from django.urls import path

from qalqan.desk.agencies.views import matrix, matters

urlpatterns = [
    path("matrix/", matrix.matrix_page, name="matrix"),
    path("matrix/import/", matrix.matrix_import, name="matrix_import"),
    path("matrix/history/", matrix.matrix_history, name="matrix_history"),
    path("matrix/parts/", matrix.part_set, name="part_set"),
    path("matrix/parts/<int:part_id>/end/", matrix.part_end, name="part_end"),
    path("matters/", matters.matter_list, name="matters"),
    path("matters/add/", matters.matter_add, name="matter_add"),
    path("matters/<int:matter_id>/", matters.matter_page, name="matter"),
    path("matters/<int:matter_id>/offer/", matters.matter_offer, name="matter_offer"),
    path("matters/<int:matter_id>/take/", matters.matter_take, name="matter_take"),
    path("matters/<int:matter_id>/close/", matters.matter_close, name="matter_close"),
    path("offers/<int:offer_id>/accept/", matters.offer_accept, name="offer_accept"),
    path("offers/<int:offer_id>/refuse/", matters.offer_refuse, name="offer_refuse"),
    path("offers/<int:offer_id>/back/", matters.offer_back, name="offer_back"),
]
