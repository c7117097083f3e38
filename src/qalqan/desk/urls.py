"""The addresses of the desk; each room brings its own."""

from importlib.util import find_spec

from django.urls import include, path

ROOMS = {
    "": "qalqan.desk.brief",
    "rumours/": "qalqan.desk.rumours",
    "incidents/": "qalqan.desk.incidents",
    "flash-points/": "qalqan.desk.flashpoints",
    "protection/": "qalqan.desk.protection",
    "alerts/": "qalqan.desk.alerts",
    "intake/": "qalqan.desk.intake",
    "agencies/": "qalqan.desk.agencies",
    "outreach/": "qalqan.desk.outreach",
    "polls/": "qalqan.desk.polls",
    "support/": "qalqan.desk.support",
    "commission/": "qalqan.desk.commission",
    "places/": "qalqan.desk.platform.places",
    "sources/": "qalqan.desk.platform.sources",
    "work/": "qalqan.desk.platform.work",
    "jobs/": "qalqan.desk.platform.jobs",
    "releases/": "qalqan.desk.platform.releases",
    "audit/": "qalqan.desk.platform.audit",
    "accounts/": "qalqan.desk.platform.accounts",
    "ui/": "qalqan.desk.platform.ui",
    "public/": "qalqan.desk.public",
}

urlpatterns = [
    path(prefix, include(f"{room}.urls"))
    for prefix, room in ROOMS.items()
    if find_spec(f"{room}.urls")
]
