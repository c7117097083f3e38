"""Addresses of the register, of checklists and of past inspections."""

from django.urls import path

from qalqan.desk.protection.views import checklists, requests, sites

urlpatterns = [
    path("", sites.site_list, name="sites"),
    path("sites/add/", sites.site_add, name="site_add"),
    path("sites/import/", requests.site_import, name="site_import"),
    path("sites/export.<str:form>", sites.site_export, name="site_export"),
    path("sites/<int:site_id>/", sites.site_page, name="site"),
    path("sites/<int:site_id>/change/", sites.site_change, name="site_change"),
    path("sites/<int:site_id>/close/", sites.site_close, name="site_close"),
    path("sites/<int:site_id>/reopen/", sites.site_reopen, name="site_reopen"),
    path("sites/<int:site_id>/files/", sites.file_add, name="file_add"),
    path("sites/<int:site_id>/equipment/", sites.equipment_add, name="equipment_add"),
    path("files/<int:file_id>/", sites.file_content, name="file"),
    path("files/<int:file_id>/remove/", sites.file_remove, name="file_remove"),
    path("equipment/<int:equipment_id>/", sites.equipment_change, name="equipment_change"),
    path(
        "equipment/<int:equipment_id>/remove/", sites.equipment_remove, name="equipment_remove"
    ),
    path("requests/", requests.request_list, name="requests"),
    path("requests/ask/", requests.request_ask, name="request_ask"),
    path("requests/<int:request_id>/", requests.request_page, name="request"),
    path("requests/<int:request_id>/decide/", requests.request_decide, name="request_decide"),
    path("checklists/", checklists.checklist_list, name="checklists"),
    path("checklists/shipped/", checklists.checklist_shipped, name="checklist_shipped"),
    path("checklists/import/", checklists.checklist_import, name="checklist_import"),
    path("checklists/<int:version_id>/", checklists.checklist_page, name="checklist"),
    path(
        "checklists/<int:version_id>/form.xlsx", checklists.checklist_export,
        name="checklist_export",
    ),
    path("checklists/<int:version_id>/<str:act>/", checklists.checklist_act, name="checklist_act"),
    path("inspections/", checklists.inspection_list, name="inspections"),
    path("inspections/<int:inspection_id>/", checklists.inspection_page, name="inspection"),
    path(
        "inspections/pictures/<int:picture_id>/", checklists.inspection_picture,
        name="inspection_picture",
    ),
]  # fmt: skip
