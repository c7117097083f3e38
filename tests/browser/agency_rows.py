"""Bodies, the matrix, matters and a return for the browser's desk."""

from datetime import date, timedelta

from django.utils import timezone
from tests.support.agencies_factories import make_body, make_part
from tests.support.factories import NOW

from qalqan.desk.agencies.services import bodies, handing, monthly, pages
from qalqan.desk.agencies.services.facts import OfficeFacts
from qalqan.desk.outreach.services.activities import add_activity
from qalqan.desk.outreach.services.facts import ActivityFacts
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import SystemActor

DESK = SystemActor("tests")


def seed() -> None:
    """Enter three bodies, their parts, a matter, what one of them held, and a month's return."""
    province = Place.objects.get(kind="province", kato="150000000")
    district = Place.objects.filter(kind="district", parent=province).order_by("kato")[1]
    agency = Organisation.objects.get(name="Aktobe duty centre")
    first = make_body(
        name_kk="Жастар саясаты басқармасы", name_ru="Управление молодежной политики",
        name_en="Youth policy department", area=province, organisation_id=agency.pk,
        mandate="Programmes for the young.", languages=("kk", "ru"),
    )  # fmt: skip
    second = make_body(name_ru="Акимат района", name_en="District akimat", area=district)
    group = make_body(
        kind="civil", name_ru="Союз матерей «Жарык»", name_en="Union of mothers “Zharyq”",
        area=district, languages=("kk",),
    )  # fmt: skip
    bodies.set_registration(
        actor=DESK, body=group, status="registered", since=date(2024, 5, 1),
        source="Certificate № 12", now=NOW,
    )  # fmt: skip
    pages.add_office(
        actor=DESK, body=first, now=NOW,
        facts=OfficeFacts("Reception", address="Main street 1", switchboard="8 (7132) 00-00-01",
                          mail="office@example.org", hours="9–18"),
    )  # fmt: skip
    pages.add_expertise(actor=DESK, body=group, field="law", role="lawyer", now=NOW)
    make_part(first, province, "leads")
    make_part(second, district, "helps")
    make_part(first, district, "leads", matter="agencies.tension")
    make_part(second, district, "leads", matter="agencies.tension")
    matter = handing.open_matter(
        actor=DESK, kind="agencies.youth", title="An evening club is missing", area=district,
        due_at=NOW + timedelta(days=20), now=NOW, text="Two reports from the school.",
    )  # fmt: skip
    handing.hand_over(actor=DESK, matter=matter, to_body=second, reason="It is next door", now=NOW)
    taken_on = handing.open_matter(
        actor=DESK, kind="agencies.youth", title="A room for talks", area=district,
        holder=second, due_at=NOW + timedelta(days=3), now=NOW,
    )  # fmt: skip
    handing.hand_over(
        actor=DESK, matter=taken_on, to_body=first, reason="You have rooms", now=NOW,
        answer_by=NOW + timedelta(days=3650),
    )  # fmt: skip
    yesterday = timezone.localdate() - timedelta(days=1)
    add_activity(
        actor=DESK, now=timezone.now(),
        facts=ActivityFacts(
            title="An evening of questions", kind="talk", theme="rights", place_id=district.pk,
            body_id=first.pk, held_on=yesterday, language="kk",
        ),
    )  # fmt: skip
    monthly.make_return(
        actor=DESK, province=province, month=date(2026, 1, 1), now=NOW, is_sample=True
    )
