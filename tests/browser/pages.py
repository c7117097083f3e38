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
    fill
        Selectors of fields and what is written into them, before something is pressed.
    choose
        Selectors of choices and what is chosen in them.
    press
        A CSS selector of what is pressed then; `content` and `status` are of what follows.
    paper
        Whether the page is looked at as it is printed.
    """

    name: str
    path: str
    role: str = "duty_officer"
    content: str = "main h1"
    status: int = 200
    follow: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    choose: tuple[tuple[str, str], ...] = ()
    press: str = ""
    paper: bool = False


# fmt: off
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
    PageCase("picture", "/incidents/picture/", content="svg.chart"),
    PageCase("analyses", "/incidents/analyses/", role="analyst", content="table"),
    PageCase("analysis", "/incidents/analyses/1/", role="secretary", content="#matrix"),
    PageCase("analysis-blind", "/incidents/analyses/1/", role="analyst", content=".notice"),
    PageCase("analysis-mark", "/incidents/analyses/1/marks/", role="analyst", content="select"),
    PageCase("analysis-new", "/incidents/1/analyses/new/", content="#open-form"),
    PageCase("analysis-take-back", "/incidents/analyses/1/evidence/1/take-back/"),
    PageCase("analysis-version", "/incidents/analyses/1/versions/6/", role="auditor"),
    PageCase("post-mortem", "/incidents/analyses/2/post-mortem/", content="#misled"),
    PageCase("post-mortem-state", "/incidents/analyses/1/post-mortem/", content="#truth-form"),
    PageCase("calibration", "/incidents/analyses/calibration/", role="auditor", content="table"),
    PageCase("questions", "/incidents/questions/", content="table"),
    PageCase("question-ask", "/incidents/1/questions/ask/", content="#ask-form"),
    PageCase("question-close", "/incidents/questions/1/close/", content="#answer-form"),
    PageCase("series", "/incidents/series/", content="section"),
    PageCase("flash-points", "/flash-points/", role="analyst"),
    PageCase("flash-points-runs", "/flash-points/runs/", role="analyst"),
    PageCase("flash-points-run", "/flash-points/runs/1/", role="analyst"),
    PageCase("flash-points-finding", "/flash-points/findings/1/", role="analyst"),
    PageCase("flash-points-grid", "/flash-points/?areas=grid&stream=incidents", role="analyst"),
    PageCase(
        "flash-points-together", "/flash-points/?stream=incidents&stream=tips&how=together",
        role="analyst", content=".notice",
    ),
    PageCase(
        "flash-points-life", "/flash-points/?state=all", follow="main tbody tr:nth-child(1) a",
        content="section[aria-labelledby=life] .timeline",
    ),
    PageCase("flash-points-forecast", "/flash-points/forecast/", role="analyst"),
    PageCase("flash-points-forecast-run", "/flash-points/forecast/1/", role="analyst"),
    PageCase("flash-points-what-if", "/flash-points/what-if/", role="analyst", content="form"),
    PageCase("budget-plans", "/protection/budgets/", content="#budget-form"),
    PageCase("budget-plan", "/protection/budgets/1/", role="secretary", content="table"),
    PageCase("coverage", "/protection/coverage/", role="analyst", content="#search-form"),
    PageCase("plan-weeks", "/protection/plan/", content="table"),
    PageCase("plan-week", "/protection/plan/", follow="main tbody a", content="table"),
    PageCase("plan-check", "/protection/plan/1/check/", role="auditor"),
    PageCase(
        "plan-change", "/protection/plan/3/", content="#change-form",
        follow="section[aria-labelledby=visits] a.button-small", choose=(("#id_site", "none"),),
        press="#instead-form button",
    ),
    PageCase("plan-teams", "/protection/plan/teams/", role="inspector", content="table"),
    PageCase("plan-team-new", "/protection/plan/teams/new/", content="#team-form"),
    PageCase("today", "/"),
    PageCase("briefs", "/brief/"),
    PageCase("brief", "/brief/1/"),
    PageCase("rumours", "/rumours/", content="table"),
    PageCase("rumour", "/rumours/", follow="main tbody a"),
    PageCase("rumour-answer", "/rumours/?state=new", role="press_officer", follow="main tbody a"),
    PageCase("queue-filtered", "/rumours/?severity=panic&overdue=on"),
    PageCase("rumours-growth", "/rumours/?sort=growth", content="table"),
    PageCase("attention", "/rumours/attention/?hours=2", content="table"),
    PageCase("attention-paper", "/rumours/attention/?hours=2", content="table", paper=True),
    PageCase("attention-read", "/rumours/attention/", role="auditor", content="table"),
    PageCase("suggestions", "/rumours/suggestions/", content="form"),
    PageCase("measures", "/rumours/measures/", role="secretary", content="svg"),
    PageCase("credibility", "/rumours/3/credibility/", content="form"),
    PageCase("public-measures", "/public/measures/", role="public"),
    PageCase("messages", "/rumours/messages/"),
    PageCase("intake", "/intake/"),
    PageCase("intake-run", "/intake/1/"),
    PageCase("upload", "/intake/upload/", content="form"),
    PageCase("hotline", "/intake/hotline/", role="public", content="form"),
    PageCase("feeds", "/intake/feeds/", role="administrator"),
    PageCase("tokens", "/intake/tokens/", role="administrator"),
    PageCase("places", "/places/"),
    PageCase("place", "/places/1/"),
    PageCase(
        "feed-refused", "/intake/feeds/", role="administrator", status=422, content="main .error",
        fill=(("#id_url", "ftp://example.kz/feed"), ("#id_source_name", "Files")),
        press="section[aria-labelledby=add] button",
    ),
    PageCase(
        "token-refused", "/intake/tokens/", role="administrator", status=422,
        content="main .error", fill=(("#id_name", "Monitoring program"),),
        press="section[aria-labelledby=add] button",
    ),
    PageCase("answers", "/rumours/answers/", role="secretary", content="table"),
    PageCase("answer-review", "/rumours/answers/", role="secretary", follow="main tbody a",
             content="main form"),
    PageCase("publishing", "/rumours/publishing/", role="administrator", content="form"),
    PageCase("rumour-in-hand", "/rumours/?state=checking&sort=copies", follow="main tbody a",
             role="press_officer"),
    PageCase("public-answers", "/public/answers/", role="public", content="article"),
    PageCase("public-answers-none", "/public/answers/?q=ничегоподобного", role="public"),
    PageCase("public-answer", "/public/answers/", role="public", follow="main article a",
             content="article"),
    PageCase("public-reference", "/public/reference/", role="public", content="form"),
    PageCase(
        "public-reference-unknown", "/public/reference/", role="public", content=".notice",
        press="main form button", fill=(("[name=number]", "AAAA-AAAA-AAAA-AAAA"),),
    ),
    PageCase("warnings", "/alerts/", content="table"),
    PageCase("warning-begin", "/alerts/begin/", content="form"),
    PageCase("warning-templates", "/alerts/templates/", content="main ul a"),
    PageCase("warning-template", "/alerts/templates/armed-attack/", content=".card"),
    PageCase("warning", "/alerts/", follow="main table:has(caption.visually-hidden) tbody a",
             content="main table"),
    PageCase("warning-message", "/alerts/", role="secretary", follow="main tbody a",
             content="form[action*=approve]"),
    PageCase("warning-write", "/alerts/", follow="main a[href*='/write/']", content="#compose"),
    PageCase("targets", "/alerts/targets/", role="administrator", content="#target-form"),
    PageCase("board", "/alerts/", follow="main table:has(caption.visually-hidden) tbody a",
             press="main a[href*='/board/']", content="#board"),
    PageCase("subscribe", "/alerts/subscribe/", role="public"),
    PageCase("signals", "/alerts/signals/", content="#signals article"),
    PageCase("signal-devices", "/alerts/devices/", role="administrator", content="main table"),
    PageCase("drills", "/alerts/drills/", content="main table"),
    PageCase("drill", "/alerts/drills/", follow="main tbody a", content="#report"),
    PageCase("public-warnings", "/public/warnings/", role="public", content="article"),
    PageCase("public-exercises", "/public/exercises/", role="public", content="article"),
    PageCase("public-tests", "/public/tests/", role="public", content="main section"),
    PageCase("public-warning", "/public/warnings/", role="public", follow="main article a",
             content="article"),
    PageCase("today-on-paper", "/", paper=True),
    PageCase("brief-on-paper", "/brief/1/", paper=True),
    PageCase("work", "/work/", content="main tbody a"),
    PageCase("work-item", "/work/", follow="main tbody tr:nth-child(1) a", content=".timeline"),
    PageCase(
        "work-hand-over", "/work/", follow="main tbody tr:nth-child(1) a",
        content="#id_organisation", press="main details:has(#id_organisation) > summary",
    ),
    PageCase(
        "work-offered", "/work/", follow="main tbody tr:nth-child(2) a",
        content="form[action*=refuse]",
    ),
    PageCase("work-give", "/work/add/", content="#give-form"),
    PageCase("work-give-claim", "/rumours/", follow="main tbody a", content="#give-form",
             press="main a[href*='/work/add/']"),
    PageCase("releases", "/releases/", role="analyst", content="table"),
    PageCase("release", "/releases/1/", role="analyst", content="table"),
    PageCase("release-refused", "/releases/3/", role="auditor", content="#why"),
    PageCase("jobs", "/jobs/", role="administrator"),
    PageCase("bodies", "/agencies/", content="main tbody"),
    PageCase("bodies-none", "/agencies/?q=zzzz", role="secretary", content=".empty-state"),
    PageCase("body", "/agencies/", follow="main tbody a", content=".facts"),
    PageCase("body-group", "/agencies/", role="group_worker", follow="main tbody a"),
    PageCase("body-add", "/agencies/add/", role="secretary", content="form"),
    PageCase("body-change", "/agencies/1/change/", role="secretary", content="form"),
    PageCase("body-import", "/agencies/import/", role="administrator", content="form"),
    PageCase("body-right", "/agencies/1/rights/", role="administrator", content="form"),
    PageCase("matrix", "/agencies/matrix/", content="table"),
    PageCase("matrix-own", "/agencies/matrix/", role="group_worker"),
    PageCase("matrix-history", "/agencies/matrix/history/", role="secretary", content="table"),
    PageCase("matrix-part", "/agencies/matrix/parts/", role="secretary", content="form"),
    PageCase("matrix-end", "/agencies/matrix/parts/1/end/", role="secretary", content="form"),
    PageCase("matters", "/agencies/matters/", content="table"),
    PageCase("matter", "/agencies/matters/1/", role="secretary", content="#answer"),
    PageCase("matter-add", "/agencies/matters/add/", role="analyst", content="form"),
    PageCase("returns", "/agencies/returns/", role="analyst", content="table"),
    PageCase("return", "/agencies/returns/1/", role="analyst", content="table"),
    PageCase("return-make", "/agencies/returns/make/", role="secretary", content="form"),
    PageCase("return-import", "/agencies/returns/import/", role="analyst", content="form"),
    PageCase("nation", "/agencies/returns/nation/?month=2026-01", content="table"),
    PageCase("return-keys", "/agencies/returns/keys/", role="auditor"),
    PageCase("return-key-trust", "/agencies/returns/keys/trust/", role="administrator"),
    PageCase("sites", "/protection/", role="inspector", content="main tbody"),
    PageCase("sites-overdue", "/protection/?due=overdue", content=".filter-bar"),
    PageCase("sites-none", "/protection/?q=zzzz", content=".empty-state"),
    PageCase("site", "/protection/", role="inspector", follow="main tbody a", content=".facts"),
    PageCase("site-owner", "/protection/", role="site_owner", follow="main tbody a"),
    PageCase("site-add", "/protection/sites/add/", role="inspector", content="form"),
    PageCase("site-change", "/protection/sites/1/change/", role="inspector", content="form"),
    PageCase("site-import", "/protection/sites/import/", role="inspector", content="form"),
    PageCase("site-equipment", "/protection/sites/1/equipment/", content="form"),
    PageCase("site-requests", "/protection/requests/", role="secretary"),
    PageCase("site-ask", "/protection/requests/ask/", role="analyst", content="form"),
    PageCase("checklists", "/protection/checklists/", role="inspector", content="table"),
    PageCase("checklist", "/protection/checklists/", follow="main tbody a", content="ol"),
    PageCase("checklist-import", "/protection/checklists/import/", content="form"),
    PageCase("inspections", "/protection/inspections/", role="inspector", content="table"),
    PageCase(
        "inspection", "/protection/inspections/", role="inspector", follow="main tbody a",
        content=".facts",
    ),
    PageCase("inspect", "/protection/inspect/", role="inspector"),
    PageCase("take-along", "/protection/take-along/", role="inspector", content="form"),
    PageCase("devices", "/protection/devices/", role="administrator"),
    PageCase("notices", "/protection/notices/", role="secretary", content=".stat"),
    PageCase("notice", "/protection/notices/", role="inspector", content=".timeline",
             follow="main tbody th a"),
    PageCase("violations", "/protection/violations/", role="inspector", content="main tbody"),
    PageCase("site-violations", "/protection/violations/", role="inspector", content="form",
             follow="main tbody th a"),
    PageCase("public-inspections", "/public/inspections/", role="public"),
    PageCase("support-door", "/support/", role="support_worker", content="#door"),
    PageCase("support-services", "/support/services/", role="administrator"),
    PageCase("support-service-add", "/support/services/add/", role="administrator"),
    PageCase("support-own", "/support/own/", role="public", content="form"),
    PageCase("support-check", "/support/certificate/", role="public", content="form"),
    PageCase("owner-closed", "/protection/owner/none/", role="public", status=404),
    PageCase("commission", "/commission/", role="secretary", content="main tbody"),
    PageCase("commission-meeting", "/commission/", role="secretary", content="article h3",
             follow="main tbody a"),
    PageCase("commission-seats", "/commission/", role="secretary", content="main tbody",
             follow="section[aria-labelledby=commissions] a"),
    PageCase("decisions", "/commission/decisions/", content="main tbody"),
    PageCase("decision", "/commission/decisions/", role="secretary", content=".timeline",
             follow="main tbody a"),
    PageCase("lessons", "/commission/lessons/", content="main tbody"),
    PageCase("lessons-none", "/commission/lessons/?q=qqqq", content=".empty-state"),
    PageCase("recommendation", "/commission/lessons/", role="secretary", content=".timeline",
             follow="main tbody a"),
    PageCase("review", "/commission/lessons/", role="secretary", content="article h3",
             follow="section[aria-labelledby=reviews] a"),
    PageCase("review-new", "/commission/lessons/new/", role="secretary", content="form"),
    PageCase("outreach-list", "/outreach/", content="main tbody"),
    PageCase("outreach-group", "/outreach/", role="group_worker", content="main tbody"),
    PageCase("outreach-none", "/outreach/?kind=media&theme=other", content=".empty-state"),
    PageCase("outreach-activity", "/outreach/?state=reported", content=".timeline",
             follow="main tbody a"),
    PageCase("outreach-totals", "/outreach/totals/", content="main svg"),
    PageCase("outreach-add", "/outreach/add/", role="group_worker", content="form"),
    PageCase("outreach-report", "/outreach/?state=held", content="form", role="group_worker",
             follow="main tbody a"),
    PageCase("outreach-import", "/outreach/import/", content="form"),
    PageCase("outreach-calendars", "/outreach/calendars/", content="form"),
    PageCase("agenda", "/public/kk/agenda/", role="public", content="main tbody"),
]
# fmt: on
