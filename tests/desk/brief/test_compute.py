"""A brief computed from rows: stored once, with its audit row, or not at all."""

import json
from datetime import timedelta
from functools import partial

import numpy as np
import pytest
from tests.support import brief_factories as made
from tests.support.answer_factories import make_published
from tests.support.factories import make_user

from qalqan.desk.brief import selectors, services
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.services import computing, files
from qalqan.desk.brief.services.computing import digest
from qalqan.desk.brief.services.rumours import _channel
from qalqan.desk.brief.services.sites import count_sites
from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services import import_incidents
from qalqan.desk.intake.services import import_messages
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.places import services as places
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import PUBLIC, Role, SystemActor
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.rumours.models import Claim
from qalqan.desk.rumours.selectors.blocks import SourceCounts
from qalqan.errors import InputError, RefusedError
from qalqan.sample.generator import write_sample

pytestmark = pytest.mark.django_db
NOW = made.AS_OF
CLERK = SystemActor("test")


@pytest.fixture
def province(tmp_path):
    paths = write_sample(tmp_path / "sample", seed=4, now=NOW, messages=1200, tips=400)
    common = {"actor": CLERK, "now": NOW, "is_sample": True}
    places.import_areas(path=paths.areas, approximate=True, **common)
    places.import_settlements(path=paths.settlements, **common)
    import_incidents(path=paths.incidents, **common)
    import_messages(path=paths.messages, **common)
    import_messages(path=paths.tips, **common)
    return paths


def compute(**options):
    return services.compute_brief(actor=CLERK, now=NOW, replicates=99, **options)


def test_the_edition_is_stored_with_its_audit_row(province):
    before = AuditEntry.objects.order_by("-sequence").first()
    seen = []
    edition = compute(progress=lambda stage, done, total: seen.append((stage, done, total)))

    again = BriefEdition.objects.get()
    assert again.pk == edition.pk
    assert digest(again.payload) == again.digest
    row = AuditEntry.objects.order_by("-sequence").first()
    assert row.action == "brief.compute"
    assert row.detail["digest"] == edition.digest
    # The head in the brief is the one just before its own row: scans came in between.
    assert again.brief.audit.sequence == row.sequence - 1 >= before.sequence
    assert again.brief.audit.hash == row.previous_hash
    assert {stage for stage, _done, _total in seen} == {"growing rumours", "flash-points", "brief"}
    assert seen[-1] == ("brief", 1, 1)


def test_it_counts_what_is_there(province):
    brief = compute().brief
    assert brief.health.messages == 1600
    lines = province.incidents.read_text(encoding="utf-8").splitlines()
    assert brief.health.incidents == len(lines) - 1
    assert brief.health.districts == 13
    assert brief.health.boundaries_approximate
    assert brief.is_sample
    assert brief.growth.window_hours == 24
    assert brief.window_start == NOW - timedelta(hours=24)
    assert brief.health.messages_window == sum(
        channel.recent for channel in brief.health.channels
    ) or (brief.health.channels_left_out > 0)
    assert len(brief.map.areas) == 13


def test_the_next_morning_says_what_changed(province):
    compute()
    later = services.compute_brief(actor=CLERK, now=NOW + timedelta(days=3), replicates=99)
    assert later.brief.previous_as_of == NOW
    gone = [change for change in later.brief.changes if change.change == "gone"]
    assert [c.claim_id for c in gone if c.what == "rumour"]
    assert later.brief.rumours == []
    assert selectors.latest_edition(CLERK) == later
    assert selectors.previous(CLERK, later) == BriefEdition.objects.get(as_of=NOW)


def test_the_next_brief_says_what_people_did(province):
    body = make_user(Role.INSPECTOR).organisation
    work_of = partial(
        work.open_item, actor=CLERK, kind="rumours.check", subject="test", owner=None,
        organisation=body, now=NOW,
    )  # fmt: skip
    work_of(title="Ask the water office", due_at=NOW + timedelta(minutes=30))
    task = work_of(title="Count the chairs", due_at=NOW + timedelta(days=9))
    first = compute()
    claim = Claim.objects.order_by("pk").first()
    then = NOW + timedelta(minutes=40)
    make_published(claim, now=then)
    work.close_item(actor=CLERK, item=task, outcome="Counted.", now=then)
    old = Incident.objects.order_by("pk").first()
    fresh = Incident.objects.create(
        identity="f" * 32, title_en="A fire", kind="arson", occurred_from=NOW, occurred_to=NOW,
        recorded_at=then,
    )  # fmt: skip

    brief = services.compute_brief(actor=CLERK, now=NOW + timedelta(hours=1), replicates=99).brief

    told = {(c.what, c.change, c.claim_id or c.number) for c in brief.changes}
    assert told >= {
        ("answer", "answered", claim.pk),
        ("incident", "recorded", fresh.pk),
        ("work", "overdue", WorkItem.objects.get(title="Ask the water office").pk),
        ("work", "done", task.pk),
    }
    assert ("incident", "recorded", old.pk) not in told
    assert first.brief.changes == []


def test_the_next_brief_says_which_incident_was_corrected():
    incident = Incident.objects.create(
        identity="f" * 32, title_en="A fire", kind="arson", injured=1, occurred_from=NOW,
        occurred_to=NOW, time_precision="minute", recorded_at=NOW,
    )  # fmt: skip
    compute()
    incident.injured, incident.title_en = 3, "A fire in a shop"
    incident.save()
    later = services.compute_brief(actor=CLERK, now=NOW + timedelta(days=1), replicates=99)
    told = [(c.detail, c.before, c.after) for c in later.brief.changes if c.what == "incident"]
    assert told == [("title", None, None), ("injured", 1, 3)]


def test_the_edition_of_the_day_before_is_not_the_one_of_an_hour_ago():
    for hours in (26, 3, 1):
        moment = NOW - timedelta(hours=hours)
        BriefEdition.objects.create(created_at=moment, as_of=moment, payload={}, digest="")
    edition = BriefEdition(as_of=NOW)
    assert selectors.previous(CLERK, edition).as_of == NOW - timedelta(hours=26)


def test_an_empty_desk_has_a_brief_too():
    brief = compute().brief
    assert brief.rumours == []
    assert brief.map is None
    assert {scan.verdict for scan in brief.scans} == {"not_enough"}


@pytest.mark.parametrize("role", [Role.SITE_OWNER, Role.SUPPORT_WORKER, Role.PRESS_OFFICER])
def test_who_may_not_have_a_brief_made_is_refused(role):
    with pytest.raises(RefusedError):
        services.compute_brief(actor=make_user(role), now=NOW)
    assert not BriefEdition.objects.exists()


def test_without_its_audit_row_there_is_no_edition(province, monkeypatch):
    def broken(**_facts):
        raise OSError("no space left on device")

    monkeypatch.setattr(computing.audit, "record", broken)
    with pytest.raises(OSError, match="no space"):
        computing._store(CLERK, made.brief())
    assert not BriefEdition.objects.exists()


def test_files_are_written_whole(province, tmp_path):
    out = tmp_path / "out"
    edition = compute()
    written = services.write_files(edition, out, language="ru")
    assert [path.name for path in written[:3]] == ["brief.html", "brief.pdf", "brief.json"]
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in written)
    assert 'lang="ru"' in (out / "brief.html").read_text(encoding="utf-8")
    assert (out / "brief.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((out / "brief.json").read_text(encoding="utf-8"))["digest"] == edition.digest


def test_an_error_half_way_leaves_the_folder_as_it_was(province, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "brief.html").write_text("the brief of yesterday", encoding="utf-8")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        services.write_files(compute(), out)
    assert [path.name for path in out.iterdir()] == ["brief.html"]
    assert (out / "brief.html").read_text(encoding="utf-8") == "the brief of yesterday"


def test_a_folder_that_is_a_file_is_one_clear_line(province, tmp_path):
    target = tmp_path / "out"
    target.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot write the brief|шолуды"):
        services.write_files(compute(), target)


def test_an_unknown_language_is_refused(tmp_path):
    edition = BriefEdition(payload={}, digest="")
    with pytest.raises(InputError):
        services.write_files(edition, tmp_path, language="de")


def test_only_readers_see_editions():
    BriefEdition.objects.create(created_at=NOW, as_of=NOW, payload={}, digest="")
    for role in (Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER, Role.AUDITOR):
        assert selectors.editions(make_user(role)).count() == 1
    for actor in (PUBLIC, make_user(Role.SITE_OWNER), make_user(Role.GROUP_WORKER)):
        assert selectors.editions(actor).count() == 0
        assert selectors.latest_edition(actor) is None


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ([20, 22, 25, 18, 21, 0], "silent"),
        ([20, 22, 25, 18, 21, 22], "usual"),
        ([20, 22, 25, 18, 21, 80], "high"),
        ([20, 22, 25, 18, 21, 3], "low"),
        ([0, 0, 0, 0, 0, 7], "new"),
        ([0, 1, 0, 0, 2, 0], "usual"),
    ],
)
def test_a_channel_is_compared_with_its_own_days(counts, state):
    source = SourceCounts(1, "Channel", "channel", np.array(counts))
    assert _channel(source, first_block=0).state == state


def test_sites_are_counted_by_district(province):
    by_district = count_sites(province.sites)
    rows = province.sites.read_text(encoding="utf-8").splitlines()[1:]
    assert 0 < sum(by_district.values()) <= len(rows)
    assert set(by_district) <= set(
        Place.objects.filter(kind="district").values_list("pk", flat=True)
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name,longitude\nA,57\n", "sites.csv:1: latitude"),
        ("latitude,longitude\n50,57\nnorth,57\n", "sites.csv:3: latitude"),
        ("latitude,longitude\n50,570\n", "sites.csv:2: longitude"),
        ("latitude,longitude\n50\n", "sites.csv:2: longitude"),
    ],
)
def test_a_bad_table_of_sites_names_the_place(tmp_path, text, where):
    path = tmp_path / "sites.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        count_sites(path)
    assert str(caught.value.location) == where
