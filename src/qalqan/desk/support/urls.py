"""Addresses of the sealed room; a case is named by a random number only."""

from django.urls import URLPattern, path

from qalqan.desk.support.views import cases, door, own, people

app_name = "support"
_CASE = "cases/<uuid:case_id>"
urlpatterns: list[URLPattern] = [
    path("", door.home, name="home"),
    path("key/", door.make, name="make_key"),
    path("open/", door.unlock, name="unlock"),
    path("shut/", door.shut, name="shut"),
    path("enquiry/", door.enquiry, name="enquiry"),
    path("colleagues/", people.colleagues, name="colleagues"),
    path("colleagues/<uuid:helper_id>/vouch/", people.vouch, name="vouch"),
    path("colleagues/<uuid:helper_id>/let-go/", people.let_go, name="let_go"),
    path("services/", people.services, name="services"),
    path("services/add/", people.service_add, name="service_add"),
    path("services/<int:service_id>/", people.service_change, name="service"),
    path("begin/", cases.begin, name="begin"),
    path(f"{_CASE}/", cases.case, name="case"),
    path(f"{_CASE}/note/", cases.note, name="note"),
    path(f"{_CASE}/step/", cases.step, name="step"),
    path(f"{_CASE}/step/<uuid:entry_id>/", cases.step_done, name="step_done"),
    path(f"{_CASE}/review/", cases.review, name="review"),
    path(f"{_CASE}/close/", cases.close, name="close"),
    path(f"{_CASE}/consent/", cases.consent, name="consent"),
    path(f"{_CASE}/withdraw/<int:service_id>/", cases.withdraw, name="withdraw"),
    path(f"{_CASE}/erase/", cases.erase, name="erase"),
    path(f"{_CASE}/seen/", cases.sheet, name="sheet"),
    path(f"{_CASE}/envelope/<uuid:entry_id>/", cases.envelope, name="envelope"),
    path(f"{_CASE}/order/", cases.order_ask, name="order_ask"),
    path(f"{_CASE}/order/<uuid:order_id>/", cases.order_act, name="order_act"),
    path("own/", own.own_any, name="own_any"),
    path("own/<str:language>/", own.own, name="own"),
    path("certificate/", own.certificate_any, name="certificate_any"),
    path("certificate/<str:language>/", own.certificate, name="certificate"),
    path("certificate/<str:language>/pdf/", own.certificate_pdf, name="certificate_pdf"),
]
