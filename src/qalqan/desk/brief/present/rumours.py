"""Rumours that grow now, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, Rumour
from qalqan.desk.brief.present.parts import CRITICAL, GOOD, WARNING, Badge, Fact, Line, Target
from qalqan.desk.brief.present.parts import Section as Part

_MOST_PLACES = 5


def section(brief: Brief) -> Part:
    """Return the section."""
    hidden = brief.growth.claims_growing - len(brief.rumours)
    return Part(
        key="rumours",
        title=_("Rumours growing now"),
        lines=tuple(_line(brief, rumour) for rumour in brief.rumours),
        empty="" if brief.rumours else nothing(brief),
        more=_("Further claims that grow: %(number)s.") % {"number": w.count(hidden)}
        if hidden > 0
        else "",
    )


def nothing(brief: Brief) -> str:
    """Say that no claim grows, and how many were looked at."""
    method = brief.growth
    if not brief.health.messages_window:
        return _("There is no message in the last %(hours)s hours, so nothing can be said.") % {
            "hours": method.window_hours
        }
    return _(
        "No claim grows beyond what is expected. Claims examined: %(examined)s; messages: "
        "%(messages)s in %(hours)s hours."
    ) % {
        "examined": w.count(method.claims_examined),
        "messages": w.count(brief.health.messages_window),
        "hours": method.window_hours,
    }


def copies(brief: Brief, rumour: Rumour) -> str:
    """Say how many copies came in the window."""
    return ngettext(
        "%(copies)s copy in %(hours)s h", "%(copies)s copies in %(hours)s h", rumour.copies_window
    ) % {"copies": w.count(rumour.copies_window), "hours": brief.growth.window_hours}


def _line(brief: Brief, rumour: Rumour) -> Line:
    return Line(
        key=f"rumour-{rumour.claim_id}",
        headline=f"{copies(brief, rumour)} · {w.times(rumour.rate_ratio)}",
        tone=WARNING if rumour.answer else CRITICAL,
        quote=rumour.text,
        quote_language=w.bcp47(rumour.language),
        badges=_badges(rumour),
        facts=_facts(rumour),
        why=_why(brief, rumour),
        data=_data(brief),
        doubt=_doubt(brief, rumour),
        spark=tuple(rumour.days),
        spark_label=_("Copies a day, the newest last: %(days)s")
        % {"days": ", ".join(w.count(number) for number in rumour.days)},
        target=Target("rumours", rumour.claim_id),
        action=_("Check the claim") if rumour.answer else _("Check and answer the claim"),
    )


def _badges(rumour: Rumour) -> tuple[Badge, ...]:
    badges = []
    if rumour.is_new:
        badges.append(Badge(_("new in this window"), WARNING))
    if rumour.answer:
        badges.append(Badge(_("answered before"), GOOD))
    else:
        badges.append(Badge(_("not answered"), CRITICAL))
    return tuple(badges)


def _facts(rumour: Rumour) -> tuple[Fact, ...]:
    language = w.language()
    named = [f"{item.place.in_language(language)} {w.count(item.copies)}" for item in rumour.places]
    spoken = [
        f"{w.term(w.LANGUAGES, item.language)} {w.count(item.copies)}" for item in rumour.languages
    ]
    answer = (
        _("%(verdict)s, published %(when)s")
        % {
            "verdict": w.term(w.VERDICTS, rumour.answer.verdict),
            "when": w.when(rumour.answer.published_at),
        }
        if rumour.answer
        else _("none so far")
    )
    return (
        Fact(_("First seen"), w.when(rumour.first_seen)),
        Fact(_("Copies in all"), w.count(rumour.copies)),
        Fact(_("Places named"), ", ".join(named[:_MOST_PLACES]) or _("none named")),
        Fact(_("Languages"), ", ".join(spoken)),
        Fact(_("Earlier answer"), answer),
    )


def _why(brief: Brief, rumour: Rumour) -> str:
    values = {
        "copies": w.count(rumour.copies_window),
        "hours": brief.growth.window_hours,
        "expected": w.amount(rumour.expected),
        "before": w.count(rumour.copies_before),
        "days": brief.growth.history_days,
    }
    if rumour.is_new:
        return (
            _(
                "Copies in %(hours)s h: %(copies)s. Not seen in the %(days)s days before; a claim "
                "has on average %(expected)s copies in its first %(hours)s h."
            )
            % values
        )
    return (
        _(
            "Copies in %(hours)s h: %(copies)s; expected from its own past: %(expected)s; in the "
            "%(hours)s h before: %(before)s."
        )
        % values
    )


def _data(brief: Brief) -> str:
    return _(
        "Messages from %(start)s to %(end)s: %(messages)s; claims examined: %(examined)s; compared "
        "with %(days)s days before."
    ) % {
        "start": w.when(brief.window_start),
        "end": w.when(brief.as_of),
        "messages": w.count(brief.health.messages_window),
        "examined": w.count(brief.growth.claims_examined),
        "days": brief.growth.history_days,
    }


def _doubt(brief: Brief, rumour: Rumour) -> str:
    return _(
        "Rate ratio %(ratio)s, %(interval)s; %(q)s after correction for %(examined)s claims "
        "(negative binomial). Copies are not people, and growing does not mean false."
    ) % {
        "ratio": w.times(rumour.rate_ratio),
        "interval": w.interval(rumour.rate_ratio_low, rumour.rate_ratio_high),
        "q": w.chance("q", rumour.q_value),
        "examined": w.count(brief.growth.claims_examined),
    }
