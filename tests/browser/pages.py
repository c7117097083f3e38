"""The pages that the browser visits; each room adds its own lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageCase:
    """One address to visit.

    Parameters
    ----------
    name
        Name of the screenshots, unique.
    path
        Address below the desk's root.
    role
        Who visits; ``public`` for nobody signed in.
    content
        A CSS selector of something that must be there, with and without JavaScript.
    status
        The HTTP status that is right for the page.
    follow
        A CSS selector of a link on that page that leads to the one meant, for addresses whose
        number is not known beforehand.
    """

    name: str
    path: str
    role: str = "duty_officer"
    content: str = "main h1"
    status: int = 200
    follow: str = ""


PAGES: list[PageCase] = [
    PageCase("components", "/ui/components/", content=".stat"),
    PageCase("help", "/ui/help/", content=".keys"),
    PageCase("search-nothing", "/ui/search/?q=ъъщщыы", content=".empty-state"),
    PageCase("not-found", "/there/is/nothing/here", status=404),
    PageCase("public", "/public/", role="public"),
    PageCase("sign-in", "/accounts/sign-in/", role="public", content="form"),
    PageCase("own-account", "/accounts/"),
    PageCase("factors", "/accounts/factors/"),
    PageCase("sessions", "/accounts/sessions/"),
    PageCase("password", "/accounts/password/"),
    PageCase("users", "/accounts/users/", role="administrator", content="table"),
    PageCase("user-add", "/accounts/users/add/", role="administrator", content="form"),
    PageCase("refused", "/accounts/users/add/", role="analyst", status=403),
    PageCase("organisations", "/accounts/organisations/", role="administrator"),
    PageCase("user", "/accounts/users/1/", role="administrator", content="form"),
    PageCase("organisation-add", "/accounts/organisations/add/", role="administrator"),
    PageCase("no-reset", "/accounts/forgotten/", role="public"),
    PageCase("enter-demo", "/accounts/enter/none/", role="public", content="form"),
    PageCase("factor-app-remove", "/accounts/factors/app/remove/"),
    PageCase("factor-codes", "/accounts/factors/codes/"),
    PageCase("factor-codes-new", "/accounts/factors/codes/new/"),
    PageCase("factor-keys", "/accounts/factors/keys/"),
    PageCase("factor-key-add", "/accounts/factors/keys/add/", content="form"),
    PageCase("confirm", "/accounts/confirm/", content="form"),
    PageCase("confirm-code", "/accounts/factors/confirm/", content="form"),
    PageCase("sign-out", "/accounts/sign-out/", content="form"),
    PageCase("audit", "/audit/", role="auditor"),
    PageCase("audit-state", "/audit/state/", role="auditor"),
    PageCase("sources", "/sources/", role="analyst"),
    PageCase("source", "/sources/1/", role="analyst"),
    PageCase("incidents", "/incidents/", content="table"),
    PageCase("incidents-none", "/incidents/?q=zzzz", content=".empty-state"),
    PageCase("incident", "/incidents/", follow="main tbody a"),
    PageCase("indicators", "/incidents/indicators/"),
    PageCase("flash-points", "/flash-points/", role="analyst"),
    PageCase("flash-points-runs", "/flash-points/runs/", role="analyst"),
    PageCase("flash-points-run", "/flash-points/runs/1/", role="analyst"),
    PageCase("flash-points-finding", "/flash-points/findings/1/", role="analyst"),
    PageCase("today", "/"),
    PageCase("briefs", "/brief/"),
    PageCase("brief", "/brief/1/"),
    PageCase("rumours", "/rumours/", content="table"),
    PageCase("rumour", "/rumours/", follow="main tbody a"),
    PageCase("rumour-answer", "/rumours/?status=new", role="press_officer", follow="main tbody a"),
    PageCase("messages", "/rumours/messages/"),
    PageCase("intake", "/intake/"),
    PageCase("intake-run", "/intake/1/"),
    PageCase("upload", "/intake/upload/", content="form"),
    PageCase("hotline", "/intake/hotline/", role="public", content="form"),
    PageCase("feeds", "/intake/feeds/", role="administrator"),
    PageCase("tokens", "/intake/tokens/", role="administrator"),
    PageCase("places", "/places/"),
    PageCase("place", "/places/1/"),
    PageCase("work", "/work/"),
    PageCase("jobs", "/jobs/", role="administrator"),
]
