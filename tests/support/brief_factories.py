"""Briefs made by hand, for tests of words and pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from qalqan.desk.brief import content as c

AS_OF = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
AKTOBE = c.PlaceName(1, "Ақтөбе облысы", "Актюбинская область", "Aktobe Region")
CITY = c.PlaceName(2, "Ақтөбе", "Актобе", "Aktobe")
MUGALZHAR = c.PlaceName(3, "Мұғалжар ауданы", "Мугалжарский район", "Mugalzhar District")
TEMIR = c.PlaceName(4, "Темір ауданы", "Темирский район", "Temir District")
ALPHABET = "ә ғ қ ң ө ұ ү һ і Ә Ғ Қ Ң Ө Ұ Ү Һ І"


def rumour(claim_id: int = 7, **changes: object) -> c.Rumour:
    """Return a growing claim without an earlier answer."""
    made = c.Rumour(
        claim_id=claim_id,
        text="Қандыағашта ауыз су уланған дейді, балаларға бермеңіздер! Тезірек таратыңыздар.",
        language="kk-Cyrl",
        first_seen=AS_OF - timedelta(hours=31),
        copies=64,
        copies_window=52,
        copies_before=12,
        is_new=False,
        expected=5.6,
        rate_ratio=9.3,
        rate_ratio_low=3.9,
        rate_ratio_high=21.0,
        p_value=2e-7,
        q_value=1.2e-4,
        days=[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 52],
        places=[c.PlaceCount(MUGALZHAR, 41), c.PlaceCount(CITY, 9)],
        languages=[c.LanguageCount("kk-Cyrl", 50), c.LanguageCount("kk-Latn", 14)],
        answer=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def excess(finding_id: int = 3, **changes: object) -> c.Excess:
    """Return a flash-point in tips."""
    made = c.Excess(
        finding_id=finding_id,
        stream="tips",
        places=[MUGALZHAR, TEMIR],
        start=date(2026, 11, 17),
        end=date(2026, 11, 19),
        observed=27,
        expected=6.4,
        relative_risk=4.3,
        relative_risk_low=2.8,
        relative_risk_high=6.5,
        p_value=0.001,
        recurrence_days=1000.0,
        sites=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def scans() -> list[c.Scan]:
    """Return a scan of either stream."""
    common = {"areas": 13, "replicates": 999, "seed": 0, "data_hash": "ab" * 32, "alpha": 0.01}
    window = {"window_start": date(2026, 10, 21), "window_end": date(2026, 11, 19)}
    return [
        c.Scan("incidents", "not_enough", 1, cases=3, **window, **common),  # type: ignore[arg-type]
        c.Scan("tips", "found", 2, cases=412, **window, **common),  # type: ignore[arg-type]
    ]


def drawn_map() -> c.Map:
    """Return three square districts side by side."""

    def square(
        place: c.PlaceName, west: float, tips: int, expected: float, flagged: list[str]
    ) -> c.MapArea:
        ring = [[west, 48.0], [west + 2, 48.0], [west + 2, 50.0], [west, 50.0], [west, 48.0]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        counts = [c.DistrictCount("tips", tips, expected)]
        return c.MapArea(place, 49.0, west + 1, geometry, counts, flagged)

    areas = [
        square(CITY, 56.0, 80, 91.0, []),
        square(MUGALZHAR, 58.0, 22, 5.2, ["tips"]),
        square(TEMIR, 60.0, 5, 1.2, ["tips"]),
    ]
    return c.Map(start=date(2026, 11, 13), end=date(2026, 11, 19), stream="tips", areas=areas)


def growth(**changes: object) -> c.GrowthMethod:
    """Return the settings of a usual morning."""
    made = c.GrowthMethod(
        claims_examined=512,
        claims_growing=2,
        window_hours=24,
        history_days=14,
        minimum_copies=5,
        false_discovery_rate=0.05,
        discount=0.86,
        size=1.9,
        pairs=3120,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def health(**changes: object) -> c.Health:
    """Return data with one silent channel."""
    made = c.Health(
        messages=20000,
        messages_window=1431,
        first_message=AS_OF - timedelta(days=30),
        last_message=AS_OF - timedelta(minutes=4),
        channels=[
            c.Channel("Ақтөбе жаңалықтары", "channel", 412, 380.0, 322.0, 431.0, "usual"),
            c.Channel("Горячая линия 1410", "hotline", 96, 64.0, 51.0, 78.0, "high"),
            c.Channel("Kandyagash chat", "channel", 0, 41.0, 28.0, 55.0, "silent"),
        ],
        channels_left_out=0,
        incidents=14,
        incidents_outside=2,
        incidents_later=0,
        last_incident=AS_OF - timedelta(hours=9),
        districts=13,
        boundaries_approximate=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def brief(**changes: object) -> c.Brief:
    """Return a full brief of a bad night."""
    answered = rumour(
        8,
        text="В Актобе завтра отключат свет на трое суток, закупайте воду и хлеб",
        language="ru",
        is_new=True,
        copies=38,
        copies_window=38,
        copies_before=0,
        expected=1.6,
        rate_ratio=23.8,
        rate_ratio_low=5.0,
        rate_ratio_high=57.0,
        days=[0] * 14 + [38],
        places=[c.PlaceCount(CITY, 30)],
        languages=[c.LanguageCount("ru", 33), c.LanguageCount("mixed", 5)],
        answer=c.EarlierAnswer("false", AS_OF - timedelta(days=12)),
    )
    made = c.Brief(
        made_at=AS_OF + timedelta(minutes=2),
        as_of=AS_OF,
        as_of_rule="now",
        window_start=AS_OF - timedelta(hours=24),
        previous_as_of=AS_OF - timedelta(hours=24),
        is_sample=True,
        province=AKTOBE,
        growth=growth(),
        rumours=[rumour(), answered],
        scans=scans(),
        excesses=[excess()],
        incidents=[incident()],
        incidents_new=1,
        overdue=[
            c.Overdue(5, "inspection", "Қаруды сақтау тексерісі", "Қалалық полиция",
                      AS_OF - timedelta(days=3), 1, "/work/5/"),
        ],
        overdue_all=1,
        changes=[
            c.Change("rumour", "appeared", 7, rumour().text, "kk-Cyrl", "", [], None, 52.0),
            c.Change("area", "gone", None, "", "", "incidents", [TEMIR], 2.4, None),
        ],
        health=health(),
        audit=c.AuditMark(4181, "9f" * 32, AS_OF),
        map=drawn_map(),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def incident() -> c.IncidentLine:
    """Return an incident of which only the day is known."""
    return c.IncidentLine(
        incident_id=11,
        title_kk="Дүкендегі қарулы шабуыл",
        title_ru="Вооружённое нападение на магазин",
        title_en="Armed attack on a shop",
        kind="armed_attack",
        occurred_from=datetime(2026, 11, 18, 19, 0, tzinfo=UTC),
        occurred_to=datetime(2026, 11, 19, 18, 59, tzinfo=UTC),
        time_precision="day",
        place=CITY,
        place_text="",
        place_precision="settlement",
        killed=0,
        injured=None,
        recorded_at=AS_OF - timedelta(hours=5),
        grades=["B2", "C3"],
    )


def quiet(**changes: object) -> c.Brief:
    """Return a brief in which nothing was found; one channel is silent all the same."""
    nothing_found = [
        replace(scan, verdict="nothing" if scan.stream == "tips" else scan.verdict)
        for scan in scans()
    ]
    empty = brief(
        rumours=[],
        growth=growth(claims_growing=0),
        scans=nothing_found,
        excesses=[],
        incidents=[],
        incidents_new=0,
        overdue=[],
        overdue_all=0,
        changes=[],
    )
    return replace(empty, **changes)  # type: ignore[arg-type]


def calm(**changes: object) -> c.Brief:
    """Return a brief in which nothing needs anybody."""
    usual = [one for one in health().channels if one.state != "silent"]
    return quiet(**{"health": health(channels=usual), **changes})


def decisions() -> c.DecisionsNow:
    """Return a late decision, one with evidence, and a recommendation without a response."""
    day = AS_OF.date()
    return c.DecisionsNow(
        live=3,
        overdue=1,
        to_judge=1,
        shown=[
            c.DecisionLine(31, "2026/4", "Қоймаға күзет қою", "Поставить охрану склада",
                           "Guard the depot", "City police", day - timedelta(days=6), "open"),
            c.DecisionLine(32, "2026/5", "Есеп беру", "Отчитаться", "Report back",
                           "School office", day + timedelta(days=2), "shown"),
        ],
        advice_overdue=1,
        advice=[c.AdviceLine(41, "R-7", "Count the keys", "City police", day - timedelta(days=2))],
    )  # fmt: skip


def full(**changes: object) -> c.Brief:
    """Return a brief in which every room has something to say."""
    day = AS_OF.date()
    everything = brief(
        warnings=[
            c.WarningNow(51, "Аммиак ағып жатыр", "Утечка аммиака", "Ammonia leak", "Moderate",
                         AS_OF + timedelta(hours=5), sent_alone=True),
        ],
        warnings_unreviewed=1,
        questions=[
            c.QuestionLine(61, 11, "Who had the keys?", "Water office", AS_OF - timedelta(days=2)),
        ],
        questions_all=1,
        decisions=decisions(),
        protection=c.SitesNow(
            overdue=2, soon=1, next_numbers=[7, 8, 9], notices_overdue=1,
            due=[
                c.SiteDue(71, 7, MUGALZHAR.id, day - timedelta(days=20)),
                c.SiteDue(72, 8, TEMIR.id, day - timedelta(days=3)),
                c.SiteDue(73, 9, CITY.id, day + timedelta(days=9)),
            ],
        ),
        outreach=c.OutreachNow([TEMIR], [MUGALZHAR], 12, 2),
        trust=c.TrustNow(43.2, 40.1, 46.3, 812, day - timedelta(days=20), day - timedelta(days=9),
                         1, -5.1, -8.4, -1.8),
        devices=c.DevicesNow(12, 2, 1, 1, 0, 1),
        gaps=[
            c.DataGap("return", "Aktobe Region 2026-10", 1, AS_OF - timedelta(days=10)),
            c.DataGap("poll", "autumn-2026", 214, AS_OF - timedelta(days=4), 3),
            c.DataGap("job", "rumours.rank", 3, AS_OF - timedelta(hours=2)),
            c.DataGap("feed", "Aktobe news", 4, AS_OF - timedelta(hours=1)),
            c.DataGap("import", "posts.csv", 12, AS_OF - timedelta(hours=3), 9),
        ],
    )  # fmt: skip
    return replace(everything, **changes)  # type: ignore[arg-type]


def overfull() -> c.Brief:
    """Return a brief with as much as a brief can hold, every text as long as it can be."""
    long = "Өте ұзын мәтін қайталанады " * 40
    base = full()
    now = base.decisions
    assert now is not None
    return replace(
        base,
        rumours=[rumour(n, text=long[:400]) for n in range(1, 9)],
        growth=growth(claims_growing=40),
        excesses=[excess(n, places=[CITY, MUGALZHAR, TEMIR]) for n in range(1, 5)],
        incidents=[replace(incident(), incident_id=n, title_kk=long[:200]) for n in range(1, 9)],
        incidents_new=30,
        overdue=[replace(base.overdue[0], item_id=n, title=long[:200]) for n in range(1, 101)],
        overdue_all=400,
        warnings=[replace(base.warnings[0], warning_id=n, headline_kk=long[:160])
                  for n in range(1, 11)],
        questions=[replace(base.questions[0], question_id=n, question=long[:300])
                   for n in range(1, 41)],
        questions_all=90,
        decisions=replace(
            now,
            shown=[replace(now.shown[0], decision_id=n, text_kk=long[:200]) for n in range(1, 41)],
            advice=[replace(now.advice[0], recommendation_id=n, text=long[:200])
                    for n in range(1, 41)],
        ),
        changes=[c.Change("work", "overdue", None, long[:200], "", "", [], None, None, n)
                 for n in range(1, 60)],
        gaps=[c.DataGap("import", long[:200], n, AS_OF) for n in range(1, 40)],
        missing=[c.Missing("trust", "OperationalError"), c.Missing("places", "KeyError")],
        health=health(channels=[replace(health().channels[0], name=f"{n} {long[:80]}")
                                for n in range(10)]),
    )  # fmt: skip
