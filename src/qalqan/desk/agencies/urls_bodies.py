"""Addresses of the directory."""

from django.urls import path

from qalqan.desk.agencies.views import bodies, pages

urlpatterns = [
    path("", bodies.body_list, name="bodies"),
    path("add/", bodies.body_add, name="body_add"),
    path("import/", bodies.body_import, name="body_import"),
    path("export.<str:form>", bodies.body_export, name="body_export"),
    path("<int:body_id>/", bodies.body_page, name="body"),
    path("<int:body_id>/change/", bodies.body_change, name="body_change"),
    path("<int:body_id>/close/", bodies.body_close, name="body_close"),
    path("<int:body_id>/reopen/", bodies.body_reopen, name="body_reopen"),
    path("<int:body_id>/registration/", bodies.registration_set, name="registration_set"),
    path("<int:body_id>/rights/", bodies.grant_give, name="grant_give"),
    path("rights/<int:grant_id>/take/", bodies.grant_take, name="grant_take"),
    path("<int:body_id>/page/", pages.page_keep, name="page_keep"),
    path("<int:body_id>/offices/", pages.office_add, name="office_add"),
    path("offices/<int:office_id>/remove/", pages.office_remove, name="office_remove"),
    path("<int:body_id>/expertise/", pages.expertise_add, name="expertise_add"),
    path("expertise/<int:expertise_id>/remove/", pages.expertise_remove, name="expertise_remove"),
]
