"""Writing a warning: three languages, an area, marks where nothing has happened, pages."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.support.alerts_factories import (
    SAID,
    make_content,
    make_district,
    make_sent,
    make_submitted,
    square,
)
from tests.support.factories import NOW, make_user, sign_in
from tests.support.places_factories import make_place

from qalqan.cap.read import read
from qalqan.desk.alerts import services
from qalqan.desk.alerts.build import SIREN, SPOKEN
from qalqan.desk.alerts.content import MARKS, Content, Said
from qalqan.desk.alerts.models import Alert, AlertTemplate, AlertVersion
from qalqan.desk.alerts.services import areas, checking
from qalqan.desk.platform.places import hearing
from qalqan.desk.platform.policies import Role
from qalqan.errors import ConflictError, InputError

pytestmark = pytest.mark.django_db
S = AlertVersion.State


def infos_of(version):
    return {info.language: info for info in read(bytes(version.xml)).infos}


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_what_never_happened_says_so_in_every_text(status):
    version = make_submitted(status=status)
    message = read(bytes(version.xml))
    assert message.status == status
    assert MARKS[status]["kk"] in message.note
    for code, info in infos_of(version).items():
        mark = MARKS[status][code]
        spoken = {p.name: p.value for p in info.parameters}[SPOKEN]
        for text in (info.event, info.headline, info.description, info.instruction, spoken):
            assert text.startswith(f"{mark}.")
        assert spoken.count(mark) == 2


def test_a_message_that_lost_its_mark_is_refused():
    version = make_submitted(status="Exercise")
    bare = bytes(version.xml).replace(f"{MARKS['Exercise']['en']}. ".encode(), b"")
    with pytest.raises(InputError, match="must say so"):
        checking.require_valid(bare, status="Exercise")


def test_an_actual_warning_bears_no_mark():
    version = make_submitted()
    assert infos_of(version)["en"].headline == SAID["en"].headline
    assert read(bytes(version.xml)).note is None


@pytest.mark.parametrize("part", ["event", "headline", "description", "instruction"])
@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_every_language_is_whole_or_the_message_stays_a_draft(part, code):
    words = {p: "" if p == part else getattr(SAID[code], p) for p in Said.__slots__}
    district = make_district()
    content = make_content(district, said={**SAID, code: Said(**words)})
    with pytest.raises(InputError) as refused:
        make_submitted(content=content)
    assert refused.value.location.field == f"{part}_{code}"


def test_a_district_is_told_by_boundary_and_code():
    district = make_district("Алға", kato="153200000")
    make_district("Мартук", longitude=57.5, kato="153400000")
    version = make_submitted(content=make_content(district))
    area = infos_of(version)["ru"].areas[0]
    assert area.area_desc == "Алға"
    assert [(g.name, g.value) for g in area.geocodes] == [("KATO", "153200000")]
    assert area.polygons[0].points[0] == area.polygons[0].points[-1]
    assert [row.district_id for row in version.districts.all()] == [district.pk]


def test_a_settlement_without_a_boundary_is_a_circle_in_its_district():
    district = make_district()
    town = make_place("Қала", parent=district, latitude=50.1, longitude=57.1)
    version = make_submitted(content=make_content(None, place_ids=(town.pk,)))
    area = infos_of(version)["kk"].areas[0]
    assert (area.circles[0].centre, area.circles[0].radius_km) == ((50.1, 57.1), 5.0)
    assert [row.district_id for row in version.districts.all()] == [district.pk]


def test_what_is_drawn_names_the_districts_it_touches():
    west, east = make_district("Батыс"), make_district("Шығыс", longitude=57.5)
    ring = "50.1,57.4 50.2,57.4 50.2,57.6 50.1,57.6 50.1,57.4"
    version = make_submitted(content=make_content(None, polygons=(ring,)))
    area = infos_of(version)["ru"].areas[0]
    assert "Батыс" in area.area_desc
    assert "Шығыс" in area.area_desc
    assert {row.district_id for row in version.districts.all()} == {west.pk, east.pk}


@pytest.mark.parametrize(
    ("shapes", "field"),
    [
        ({"polygons": ("50,57 50,58 50,57",)}, "polygons"),
        ({"polygons": ("50,57 51,58 50,58 51,57 50,57",)}, "polygons"),
        ({"polygons": ("95,57 96,57 96,58 95,57",)}, "polygons"),
        ({"polygons": ("here and there",)}, "polygons"),
        ({"circles": ("50,57 0",)}, "circles"),
        ({"circles": ("50,57 nan",)}, "circles"),
        ({"circles": ("50,57",)}, "circles"),
        ({"place_ids": (99_999,)}, "places"),
        ({}, "places"),
    ],
)
def test_shapes_that_are_none_are_named(shapes, field):
    with pytest.raises(InputError) as refused:
        make_submitted(content=make_content(None, **shapes))
    assert refused.value.location.field == field


def test_a_wide_ring_is_simplified_outwards():
    from shapely.geometry import Polygon as Drawn

    from qalqan.desk.alerts import geometry

    edge = [[57 + n / 400 * 0.5, 50 + (n % 2) * 0.0004] for n in range(401)]
    ring = [*edge, [57.5, 50.5], [57.0, 50.5], edge[0]]
    drawn = geometry.rings_of({"type": "Polygon", "coordinates": [ring]})[0]
    assert len(drawn) <= geometry.MOST_POINTS
    assert Drawn([(x, y) for y, x in drawn]).buffer(1e-5).covers(Drawn(ring))


def test_update_and_cancel_name_everything_that_still_stands():
    writer, second = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY)
    district = make_district()
    first = make_sent(writer, second, content=make_content(district))
    soon = NOW + timedelta(minutes=10)
    draft = services.prepare_update(actor=writer, alert=first.alert, now=soon)
    assert draft.content == first.content
    changed = make_content(district, minutes=360, severity="Extreme")
    update = services.submit(actor=writer, version=draft, content=changed, now=soon)
    assert [str(r) for r in read(bytes(update.xml)).references] == [
        str(read(bytes(first.xml)).reference)
    ]
    services.approve(actor=second, version=update, shown_hash=update.xml_sha256, now=soon)

    later = NOW + timedelta(minutes=20)
    cancel = services.prepare_cancel(actor=writer, alert=first.alert, why="over", now=later)
    message = read(bytes(cancel.xml))
    assert {r.parts[1] for r in message.references} == {first.identifier, update.identifier}
    assert cancel.expires_at >= update.expires_at
    assert {info.headline for info in message.infos} >= {
        "Cancelled: Ammonia leak: close your windows"
    }
    services.approve(actor=second, version=cancel, shown_hash=cancel.xml_sha256, now=later)
    alert = Alert.objects.get(pk=first.alert_id)
    assert alert.state == Alert.State.CANCELLED
    for act in (
        lambda: services.prepare_update(actor=writer, alert=alert, now=later),
        lambda: services.prepare_cancel(actor=writer, alert=alert, why="over", now=later),
    ):
        with pytest.raises(ConflictError, match="over"):
            act()


def test_an_expired_warning_is_not_changed():
    writer = make_user(Role.DUTY_OFFICER)
    first = make_sent(writer)
    late = NOW + timedelta(minutes=120)
    with pytest.raises(ConflictError, match="over"):
        services.prepare_update(actor=writer, alert=first.alert, now=late)


def test_one_message_of_a_warning_is_written_at_a_time():
    writer = make_user(Role.DUTY_OFFICER)
    first = make_sent(writer)
    services.prepare_update(actor=writer, alert=first.alert, now=NOW)
    with pytest.raises(ConflictError, match="being written"):
        services.prepare_cancel(actor=writer, alert=first.alert, why="over", now=NOW)


def test_an_update_of_a_warning_that_ended_meanwhile_does_not_leave():
    writer, second = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY)
    district = make_district()
    first = make_sent(writer, second, content=make_content(district, minutes=30))
    soon = NOW + timedelta(minutes=10)
    draft = services.prepare_update(actor=writer, alert=first.alert, now=soon)
    update = services.submit(actor=writer, version=draft, content=make_content(district), now=soon)
    with pytest.raises(ConflictError, match="changed since"):
        services.approve(
            actor=second, version=update, shown_hash=update.xml_sha256,
            now=NOW + timedelta(minutes=31),
        )  # fmt: skip


def test_a_text_that_names_a_person_is_refused():
    said = {**SAID, "ru": Said("a", "b", "Звоните Иванову: +7 701 123 45 67", "c")}
    with pytest.raises(InputError, match="names no persons"):
        make_submitted(content=make_content(make_district(), said=said))


def test_the_siren_signal_is_a_parameter_and_cancelling_gives_the_all_clear():
    writer, second = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY)
    first = make_sent(writer, second, content=make_content(make_district(), siren="attention"))
    values = {p.name: p.value for p in infos_of(first)["kk"].parameters}
    assert values[SIREN] == "attention"
    cancel = services.prepare_cancel(actor=writer, alert=first.alert, why="mistake", now=NOW)
    values = {p.name: p.value for p in infos_of(cancel)["kk"].parameters}
    assert values[SIREN] == "all_clear"


def test_the_templates_that_come_with_the_desk_make_valid_messages_in_plain_words():
    press, district = make_user(Role.PRESS_OFFICER), make_district()
    count = services.install_templates(actor=press, now=NOW)
    assert count == AlertTemplate.objects.count() >= 8
    assert services.install_templates(actor=press, now=NOW) == 0
    for template in AlertTemplate.objects.all():
        content = Content.from_json({**template.content, "place_ids": [district.pk]})
        concerns = {one["concern"] for one in checking.plain_words(content)}
        # An armed attack has to be called one.
        assert concerns <= ({"war"} if template.code == "armed-attack" else set())
        for status in Alert.Status.values:
            version = services.start(actor=press, status=status, template=template, now=NOW)
            sent = services.submit(actor=press, version=version, content=content, now=NOW)
            assert sent.state == S.SUBMITTED
        assert not any(one.is_long for one in checking.spoken_lengths(content, status="Actual"))


def form_data(district, **more):
    data = {
        "category": "CBRNE", "severity": "Severe", "urgency": "Immediate",
        "certainty": "Observed", "minutes": "120", "siren": "none", "contact": "112",
        "districts": [district.pk], "response_types": ["Shelter"],
    }  # fmt: skip
    for code, said in SAID.items():
        for part in said.__slots__:
            data[f"{part}_{code}"] = getattr(said, part)
    return {**data, **more}


def test_the_pages_from_the_first_word_to_the_last(client):
    district = make_district()
    writer, second = make_user(Role.DUTY_OFFICER), make_user(Role.PRESS_OFFICER)
    sign_in(client, writer)
    begun = client.post(reverse("alerts:begin"), {"status": "Actual", "template": ""})
    assert begun.status_code == 302
    version = AlertVersion.objects.get()
    page = reverse("alerts:write", args=[version.pk])
    assert begun.url == page
    check = reverse("alerts:check", args=[version.pk])
    checked = client.post(check, form_data(district)).content.decode()
    assert "A valid CAP 1.2 message" in checked
    assert "syllables a second" in checked
    empty = client.post(check, form_data(district, headline_kk="")).content.decode()
    assert "all three languages" in empty

    kept = client.post(page, {**form_data(district), "keep": "1"})
    assert kept.url == page
    given = client.post(page, {**form_data(district), "submit": "1"})
    assert given.url == reverse("alerts:message", args=[version.pk])
    own = client.get(given.url).content.decode()
    assert "You wrote this message" in own
    assert "Approve, sign and send" not in own

    sign_in(client, second)
    version.refresh_from_db()
    read_page = client.get(given.url).content.decode()
    assert version.xml_sha256 in read_page
    assert "Аммиак шықты: терезелерді жабыңыз" in read_page
    approve = reverse("alerts:approve", args=[version.pk])
    client.post(approve, {"shown_hash": "0" * 64})
    version.refresh_from_db()
    assert version.state == S.SUBMITTED
    client.post(approve, {"shown_hash": version.xml_sha256})
    version.refresh_from_db()
    assert version.state == S.APPROVED

    alert_page = reverse("alerts:warning", args=[version.alert_id])
    assert "Update the warning" in client.get(alert_page).content.decode()
    cancelled = client.post(
        reverse("alerts:cancel", args=[version.alert_id]), {"why": "over"}, follow=True
    )
    assert "Cancelled: Ammonia leak" in cancelled.content.decode()
    listed = client.get(reverse("alerts:warnings")).content.decode()
    assert "Waiting for a second person" in listed
    signed = client.get(reverse("alerts:cap_file", args=[version.pk]))
    assert signed.content == bytes(version.signed_xml)


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_handed_over(client):
    district = make_district()
    writer = make_user(Role.DUTY_OFFICER)
    version = services.start(actor=writer, status="Actual", now=timezone.now())
    sign_in(client, writer)
    page = reverse("alerts:write", args=[version.pk])
    answer = client.post(page, {**form_data(district, districts=[]), "submit": "1"})
    assert answer.status_code == 422
    assert "Say where the warning holds." in answer.content.decode()
    answer = client.post(page, {**form_data(district, polygons="1,2 3,4"), "submit": "1"})
    assert "This is no area" in answer.content.decode()
    version.refresh_from_db()
    assert version.state == S.DRAFT


def test_districts_of_content_are_found_without_boundaries():
    district = make_place("Ырғыз", "district")
    found = areas.districts_touched(make_user(), make_content(district))
    assert [place.pk for place in found] == [district.pk]


def test_who_hears_a_loudspeaker_is_chosen_with_its_model_and_doubt(client, monkeypatch):
    asked = []

    def provider(actor, now):
        asked.append(actor)
        return [hearing.Reach("Speech", "CDC", "night", square(50.1, 57.1, 0.1), 900, 700, 1200)]

    cache.clear()
    monkeypatch.setattr(hearing, "_providers", [provider])
    make_district()
    writer = make_user(Role.DUTY_OFFICER)
    version = services.start(actor=writer, status="Actual", now=timezone.now())
    sign_in(client, writer)
    page = reverse("alerts:write", args=[version.pk])
    label = "Speech, at night: 900 people (700 to 1200), model CDC"
    assert label in client.get(page).content.decode()
    data = form_data(make_district("Мартук", longitude=58.0), districts=[], reach="0:Speech")
    assert client.post(page, {**data, "submit": "1"}).status_code == 302
    version.refresh_from_db()
    assert version.state == S.SUBMITTED
    ring = infos_of(version)["ru"].areas[0].polygons[0]
    assert (50.1, 57.1) in ring.points
    assert len(asked) == 1


def test_a_cancelling_that_was_sent_back_is_handed_over_again(client):
    writer, second, now = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY), timezone.now()
    first = make_sent(writer, second, now=now)
    cancel = services.prepare_cancel(
        actor=writer, alert=first.alert, why="over", now=now + timedelta(minutes=7)
    )
    services.reject(
        actor=second, version=cancel, shown_hash=cancel.xml_sha256, reason="Say when", now=now
    )
    draft = first.alert.versions.get(state=S.DRAFT)
    sign_in(client, writer)
    page = reverse("alerts:write", args=[draft.pk])
    form = client.get(page).context["form"]
    given = {name: value for name, value in form.initial.items() if value != []}
    answer = client.post(page, {**given, "submit": "1"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.msg_type) == (S.SUBMITTED, "Cancel")


def test_a_draft_is_kept_with_parts_missing_though_the_form_asks_for_them(client):
    writer = make_user(Role.DUTY_OFFICER)
    version = services.start(actor=writer, status="Actual", now=timezone.now())
    sign_in(client, writer)
    page = reverse("alerts:write", args=[version.pk])
    shown = client.get(page).context["form"]
    assert shown["headline_kk"].field.required
    assert not shown["spoken_kk"].field.required
    data = {**form_data(make_district()), "headline_kk": "", "keep": "1"}
    assert client.post(page, data).status_code == 302
    version.refresh_from_db()
    assert version.content["said"]["ru"]["headline"] == SAID["ru"].headline
