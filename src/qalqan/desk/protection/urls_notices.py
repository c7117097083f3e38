"""Addresses of violations, notices, proofs, and the owner's page."""

from django.urls import path

from qalqan.desk.protection.views import notices, owner

urlpatterns = [
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("notices/<int:notice_id>/paper.pdf", notices.notice_pdf, name="notice_pdf"),
    path("notices/<int:notice_id>/extend/", notices.notice_extend, name="notice_extend"),
    path("notices/<int:notice_id>/withdraw/", notices.notice_withdraw, name="notice_withdraw"),
    path("notices/<int:notice_id>/link/", notices.notice_link, name="notice_link"),
    path(
        "notices/<int:notice_id>/items/<int:item_id>/proof/",
        notices.remedy_add,
        name="remedy_add",
    ),
    path("proofs/<int:remedy_id>/<str:decision>/", notices.remedy_decide, name="remedy_decide"),
    path("proofs/files/<int:file_id>/", notices.remedy_file, name="remedy_file"),
    path("violations/", notices.violation_list, name="violations"),
    path("sites/<int:site_id>/violations/", notices.site_violations, name="site_violations"),
    path("owner/<str:token>/", owner.start, name="owner"),
    path("owner/<str:token>/notice/", owner.notice, name="owner_notice"),
    path("owner/<str:token>/paper.pdf", owner.paper, name="owner_paper"),
    path("owner/<str:token>/proof/<int:item_id>/", owner.proof, name="owner_proof"),
]
