"""Addresses that everyone may open."""

from django.urls import path, register_converter

from qalqan.desk.public import (
    accounts,
    agenda,
    commission,
    corrections,
    data,
    feeds,
    measures,
    outreach,
    polls,
    protection,
    urls_reports,
    views,
    warning_feeds,
    warnings,
)
from qalqan.desk.public.frame import lead


class Language:
    """One of the languages of the answers, as a part of an address."""

    regex = "kk|ru|en"

    def to_python(self, value: str) -> str:
        """Return the code."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code."""
        return value


class WarningKind(Language):
    """Warnings, exercises or tests; each has pages and feeds of its own."""

    regex = "warnings|exercises|tests"


class FeedForm(Language):
    """A form in which feeds are written."""

    regex = "atom|rss|json|geojson"


class DataForm(Language):
    """A form in which data are handed out."""

    regex = r"csv|json|schema\.json"


register_converter(Language, "language")
register_converter(WarningKind, "warning_kind")
register_converter(FeedForm, "feed_form")
register_converter(DataForm, "data_form")

app_name = "public"
urlpatterns = [
    *urls_reports.urlpatterns,
    path("", views.start, name="start"),
    path("<language:language>/", views.start_in, name="start_in"),
    path("accounts/", lead("public:accounts"), name="accounts_any"),
    path("accounts/<int:number>/", lead("public:account"), name="account_any"),
    path("<language:language>/accounts/", accounts.accounts, name="accounts"),
    path("<language:language>/accounts/feed.atom", accounts.atom, name="accounts_atom"),
    path("<language:language>/accounts/feed.json", accounts.json_feed, name="accounts_json"),
    path("<language:language>/accounts/<int:number>/", accounts.account, name="account"),
    path(
        "<language:language>/accounts/<int:number>/versions/<int:version>/",
        accounts.version,
        name="account_version",
    ),
    path("meetings/", lead("public:meetings"), name="meetings_any"),
    path("<language:language>/meetings/", commission.meetings, name="meetings"),
    path("recommendations/", lead("public:recommendations"), name="recommendations_any"),
    path(
        "<language:language>/recommendations/", commission.recommendations, name="recommendations"
    ),
    path("figures/", lead("public:figures"), name="figures_any"),
    path("<language:language>/figures/", commission.figures, name="figures"),
    path("money/", lead("public:money"), name="money_any"),
    path("<language:language>/money/", commission.money, name="money"),
    path("corrections/", lead("public:corrections"), name="corrections_any"),
    path("<language:language>/corrections/", corrections.corrections, name="corrections"),
    path("data/", lead("public:data"), name="data_any"),
    path("<language:language>/data/", data.data, name="data"),
    path("<language:language>/data/<slug:code>.<data_form:form>", data.data_file, name="data_file"),
    path("answers/", views.answers_any, name="answers_any"),
    path("answers/<int:number>/", views.answer_any, name="answer_any"),
    path("warnings/", warnings.warnings_any, {"kind": "warnings"}, name="warnings_any"),
    path("exercises/", warnings.warnings_any, {"kind": "exercises"}, name="exercises_any"),
    path("tests/", warnings.warnings_any, {"kind": "tests"}, name="tests_any"),
    path("warnings/<int:number>/", warnings.warning_any, name="warning_any"),
    path("warnings/certificate.pem", warnings.certificate, name="certificate"),
    path("warnings/cap/<str:identifier>.xml", warnings.cap_message, name="cap_message"),
    path("<language:language>/warnings/<int:number>/", warnings.warning, name="warning"),
    path("<language:language>/<warning_kind:kind>/", warnings.warnings, name="warnings"),
    path(
        "<language:language>/<warning_kind:kind>/feed.<feed_form:form>",
        warning_feeds.feed,
        name="warning_feed",
    ),
    path("reference/", views.reference_any, name="reference_any"),
    path("measures/", measures.measures_any, name="measures_any"),
    path("polls/", polls.polls_any, name="polls_any"),
    path("polls/<slug:code>/", polls.poll_any, name="poll_any"),
    path("<language:language>/polls/", polls.polls, name="polls"),
    path("<language:language>/polls/<slug:code>/", polls.poll, name="poll"),
    path(
        "<language:language>/polls/<slug:code>/results.<str:form>",
        polls.poll_file,
        name="poll_file",
    ),
    path("agenda/", agenda.agenda_any, name="agenda_any"),
    path("<language:language>/agenda/", agenda.agenda, name="agenda"),
    path("<language:language>/agenda.ics", agenda.agenda_file, name="agenda_file"),
    path("reach/", outreach.reach_any, name="reach_any"),
    path("<language:language>/reach/", outreach.reach, name="reach"),
    path("inspections/", protection.inspections_any, name="inspections_any"),
    path("<language:language>/inspections/", protection.inspections, name="inspections"),
    path("<language:language>/measures/", measures.measures, name="measures"),
    path("<language:language>/answers/", views.answers, name="answers"),
    path("<language:language>/answers/feed.atom", feeds.atom, name="atom"),
    path("<language:language>/answers/feed.json", feeds.json_feed, name="json_feed"),
    path("<language:language>/answers/<int:number>/", views.answer, name="answer"),
    path("<language:language>/reference/", views.reference, name="reference"),
    path("<language:language>/mail/", views.mail, name="mail"),
    path("<language:language>/mail/confirm/<str:token>/", views.mail_confirm, name="mail_confirm"),
    path("<language:language>/mail/leave/<str:token>/", views.mail_leave, name="mail_leave"),
]
