"""Pages of the register, of checklists and of past inspections, as people use them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.support.factories import NOW, make_organisation, make_user, sign_in
from tests.support.protection_factories import (
    give,
    make_checklists,
    make_equipment,
    make_inspection,
    make_place,
    make_site,
    picture_bytes,
)

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.protection.models import Checklist, Equipment, Site, SiteFile, SiteRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def client_of(role=Role.INSPECTOR, **fields):
    return sign_in(Client(), make_user(role, **fields))


def page(client, name, *arguments, **query):
    return client.get(reverse(f"protection:{name}", args=arguments), query)


def form(**fields):
    return {
        "name_ru": "Школа № 12", "category": "school", "capacity": "250",
        "place": str(make_province_place().pk), "owner_language": "ru", **fields,
    }  # fmt: skip


def make_province_place():
    province = make_place("Province", kind="province")
    place = make_place("Alga")
    if place.parent_id is None:
        place.parent = province
        place.save()
    return place


def test_the_list_narrows_sorts_and_notes_who_looks():
    make_site(name_en="Bazaar", category="market", next_due_on="2020-01-01", capacity=1000, tier=3)
    make_site(name_en="Lyceum", next_due_on="2999-01-01")
    client = client_of()
    text = page(client, "sites").content.decode()
    assert text.index("Bazaar") < text.index("Lyceum")
    assert "overdue" in text
    assert "Lyceum" not in page(client, "sites", due="overdue").content.decode()
    assert "Bazaar" not in page(client, "sites", category="school").content.decode()
    assert "Lyceum" not in page(client, "sites", tier="3").content.decode()
    assert page(client, "sites", sort="-capacity").status_code == 200
    assert "No site matches" in page(client, "sites", q="zzz").content.decode()
    assert AuditEntry.objects.filter(action="protection.read").count() == 6


def test_an_empty_register_says_what_to_do():
    assert "The register is empty" in page(client_of(), "sites").content.decode()


def test_a_site_is_entered_found_corrected_and_closed():
    client = client_of()
    answer = client.post(reverse("protection:site_add"), form())
    site = Site.objects.get()
    assert answer.headers["Location"] == site.get_absolute_url()
    doubled = client.post(reverse("protection:site_add"), form(name_ru="", name_kk="12 мектеп"))
    assert "in the register already" in doubled.content.decode()
    changed = client.post(
        reverse("protection:site_change", args=[site.pk]), form(capacity="900", owner="")
    )
    assert changed.status_code == 302
    site.refresh_from_db()
    assert site.tier == 3
    text = page(client, "site", site.pk).content.decode()
    assert "most people at a time: 250 → 900" in text
    client.post(reverse("protection:site_close", args=[site.pk]), {"reason": "Torn down."})
    assert "Torn down." in page(client, "site", site.pk).content.decode()
    client.post(reverse("protection:site_reopen", args=[site.pk]), {"reason": "Rebuilt."})
    site.refresh_from_db()
    assert site.status == "listed"


def test_a_wrong_form_is_told_at_its_field():
    answer = client_of().post(
        reverse("protection:site_add"), form(latitude="50", duty_contact="IIN 870412300415")
    )
    assert answer.status_code == 200
    assert not Site.objects.exists()
    assert "gives a private person away" in answer.content.decode()


def test_a_request_goes_from_asking_to_the_list():
    officer = client_of(Role.DUTY_OFFICER)
    answer = officer.post(reverse("protection:request_ask"), form(reason="Many people come here."))
    request = SiteRequest.objects.get()
    assert answer.headers["Location"].endswith(f"/{request.pk}/")
    main = page(officer, "request", request.pk).content.decode().partition("<main")[2]
    assert "Decide" not in main
    secretary = client_of(Role.SECRETARY)
    assert "Many people" in page(secretary, "request", request.pk).content.decode()
    secretary.post(
        reverse("protection:request_decide", args=[request.pk]),
        {"decision": "accept", "grounds": "A crowded place."},
    )
    assert Site.objects.get().number == 1
    assert "No request waits" in page(secretary, "requests").content.decode()
    assert "Школа" in page(secretary, "requests", show="all").content.decode()


def test_a_picture_goes_in_clean_and_comes_out_under_the_log():
    site, client = make_site(), client_of()
    upload = SimpleUploadedFile("plan.png", picture_bytes("PNG"), "image/png")
    client.post(
        reverse("protection:file_add", args=[site.pk]),
        {"kind": "plan", "title": "Ground floor", "file": upload},
    )
    row = SiteFile.objects.get()
    before = AuditEntry.objects.filter(action="protection.read").count()
    answer = page(client, "file", row.pk)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuditEntry.objects.filter(action="protection.read").count() == before + 1
    client.post(reverse("protection:file_remove", args=[row.pk]))
    assert page(client, "file", row.pk).status_code == 404


def test_a_wrong_picture_is_refused_with_its_name():
    site, client = make_site(), client_of()
    upload = SimpleUploadedFile("plan.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    answer = client.post(
        reverse("protection:file_add", args=[site.pk]),
        {"kind": "plan", "title": "Ground floor", "file": upload},
    )
    assert answer.status_code == 400
    assert "no JPEG, PNG or WebP" in answer.content.decode()
    assert not SiteFile.objects.exists()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SECRETARY, Role.AUDITOR])
def test_plans_are_only_for_those_who_work_at_the_site(role):
    site = make_site()
    client = client_of(role)
    assert "Plans and pictures" not in page(client, "site", site.pk).content.decode()
    assert page(client, "file", 1).status_code == 403


def test_an_owner_sees_their_own_site_and_no_other():
    body = make_organisation()
    own, other = make_site(owner=body), make_site()
    client = client_of(Role.SITE_OWNER, organisation=body)
    assert page(client, "site", own.pk).status_code == 200
    assert page(client, "site", other.pk).status_code == 404
    assert other.name_en not in page(client, "sites").content.decode()
    inspection = make_inspection(other)
    assert page(client, "inspection", inspection.pk).status_code == 404


def test_equipment_is_entered_changed_and_taken_away():
    site, client = make_site(), client_of()
    fields = {"kind": "camera", "label": "Gate", "state": "works"}
    client.post(reverse("protection:equipment_add", args=[site.pk]), fields)
    row = Equipment.objects.get()
    url = reverse("protection:equipment_change", args=[row.pk])
    client.post(url, {**fields, "state": "faulty", "expires_on": "2020-01-01"})
    text = page(client, "site", site.pk).content.decode()
    assert "Faulty" in text
    assert "expired" in text
    wrong = client.post(url, {**fields, "rated_level_db": "120"})
    assert "Only loudspeakers" in wrong.content.decode()
    client.post(reverse("protection:equipment_remove", args=[row.pk]))
    assert client.get(url).status_code == 404


def test_checklists_are_put_in_use_and_exported_and_read_back():
    client = client_of()
    client.post(reverse("protection:checklist_shipped"))
    assert Checklist.objects.count() == 3
    versions = make_checklists()
    version = versions["crowded_place"]
    assert "Crowded place" in page(client, "checklists").content.decode()
    assert "Is there a barrier" in page(client, "checklist", version.pk).content.decode()
    exported = page(client, "checklist_export", version.pk)
    same = client.post(
        reverse("protection:checklist_import"),
        {"file": SimpleUploadedFile("form.xlsx", exported.content)},
    )
    assert "asks the same already" in same.content.decode()
    client.post(reverse("protection:checklist_act", args=[version.pk, "retire"]))
    version.refresh_from_db()
    assert version.state == "retired"


def test_an_inspection_shows_answers_to_those_who_may_see_them():
    inspection = make_inspection(result="serious", failed_count=1)
    give(inspection, passport="no", guarded="always")
    text = page(client_of(), "inspection", inspection.pk).content.decode()
    assert "Day and night" in text
    assert "Serious" in text
    reader = page(client_of(Role.SECRETARY), "inspection", inspection.pk).content.decode()
    assert "Day and night" not in reader
    listed = page(client_of(), "inspections", result="serious").content.decode()
    assert inspection.site.name_en in listed


def test_the_register_goes_out_marked():
    make_site(name_en="=HYPERLINK(1)")
    client = client_of(username="inspector7")
    answer = page(client, "site_export", "csv")
    text = answer.content.decode()
    assert "Export 1 · inspector7 · " in text
    assert "'=HYPERLINK" in text
    assert page(client, "site_export", "xlsx").content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="protection.export_sites").count() == 2


def test_a_file_is_taken_in_on_the_page():
    make_place()
    text = "name_ru,category,capacity,place\nРынок,market,900,Alga\nШкола,castle,5,Alga\n"
    client = client_of()
    upload = SimpleUploadedFile("sites.csv", text.encode())
    answer = client.post(reverse("protection:site_import"), {"file": upload})
    assert answer.status_code == 400
    assert "castle" in answer.content.decode()
    assert not Site.objects.exists()
    upload = SimpleUploadedFile("sites.csv", text.encode())
    answer = client.post(reverse("protection:site_import"), {"file": upload, "keep_good": "on"})
    assert "New sites: 1" in answer.content.decode()
    assert "castle" in answer.content.decode()


def test_the_search_finds_a_site_in_either_spelling():
    from qalqan.desk.protection.navigation import find

    site = make_site(name_kk="Ақтөбе базары", search_text=" актобе базари")
    hits = find(make_user(Role.INSPECTOR), "Актобе")
    assert [hit.url for hit in hits] == [site.get_absolute_url()]
    assert find(make_user(Role.GROUP_WORKER), "Актобе") == []


def test_expired_equipment_is_counted():
    from qalqan.desk.protection.selectors.sites import expiring_equipment

    make_equipment(state="faulty")
    make_equipment(expires_on="2020-01-01")
    make_equipment(expires_on="2026-03-10")
    counts = expiring_equipment(make_user(Role.INSPECTOR), today=NOW.date())
    assert counts == {"broken": 1, "expired": 1, "expiring": 1}


def test_an_inspector_takes_a_site_along_from_its_page():
    site = make_site(name_en="Bazaar")
    inspector = client_of()
    text = page(inspector, "site", site.pk).content.decode()
    assert reverse("protection:take") in text
    until = text.split('name="until" value="')[1].split('"')[0]
    inspector.post(reverse("protection:take"), {"number": site.number, "until": until})
    assert "Bazaar" in page(inspector, "take_along").content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.ANALYST, "listed"), (Role.INSPECTOR, "closed")])
def test_nothing_is_taken_along_by_others_nor_from_off_the_list(role, status):
    site = make_site(name_en="Bazaar", status=status)
    text = page(client_of(role), "site", site.pk).content.decode()
    assert "Bazaar" in text
    assert reverse("protection:take") not in text
