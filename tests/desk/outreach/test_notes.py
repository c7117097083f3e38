"""Field notes: written once, about no person, answered, counted by area."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from tests.support.factories import NOW, make_organisation, make_user, sign_in
from tests.support.places_factories import make_place

from qalqan.desk.flashpoints.models import Stream
from qalqan.desk.flashpoints.streams import READERS
from qalqan.desk.outreach.models import FieldNote, NotePicture
from qalqan.desk.outreach.selectors import notes as selectors
from qalqan.desk.outreach.services import notes as services
from qalqan.desk.outreach.services.notes import NoteFacts
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.privacy.picture_guard import look
from qalqan.desk.platform.privacy.pictures import PictureError
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def town():
    district = make_place("Темір", kind="district")
    return make_place("Шұбарқұдық", parent=district)


def worker(**fields):
    return make_user(Role.GROUP_WORKER, **fields)


def facts(town, **changes):
    said = {
        "theme": "need", "spot": "market", "place_id": town.pk,
        "seen_at": NOW - timedelta(hours=2), "text": "Су үш күн жоқ", "language": "kk",
    }  # fmt: skip
    return NoteFacts(**{**said, **changes})


def jpeg(image):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera 7"
    image.convert("RGB").save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def square():
    """Return a picture of nothing but sky and ground."""
    image = Image.linear_gradient("L").resize((480, 360))
    return image.filter(ImageFilter.GaussianBlur(2))


def face():
    """Return a drawn face, dark where faces are dark: eyes, brows, mouth, hair."""
    image = Image.new("L", (400, 400), 150)
    ink, c = ImageDraw.Draw(image), 200
    ink.ellipse((c - 95, c - 130, c + 95, c + 130), fill=205)
    ink.ellipse((c - 100, c - 150, c + 100, c - 70), fill=60)
    for x in (c - 40, c + 40):
        ink.ellipse((x - 28, c - 45, x + 28, c - 5), fill=130)
        ink.rectangle((x - 26, c - 52, x + 26, c - 44), fill=60)
        ink.ellipse((x - 16, c - 33, x + 16, c - 15), fill=235)
        ink.ellipse((x - 9, c - 33, x + 9, c - 15), fill=25)
    ink.polygon([(c, c - 20), (c - 16, c + 28), (c + 16, c + 28)], fill=190)
    ink.rectangle((c - 14, c + 26, c + 14, c + 31), fill=120)
    ink.ellipse((c - 38, c + 55, c + 38, c + 78), fill=95)
    return image.filter(ImageFilter.GaussianBlur(3))


def plate():
    """Return a drawn number plate on a grey car."""
    image = Image.new("L", (800, 600), 90)
    ink = ImageDraw.Draw(image)
    ink.rectangle((200, 300, 520, 370), fill=245, outline=10, width=4)
    ink.text((215, 303), "123ABC 05", fill=10, font=ImageFont.load_default(56))
    return image.filter(ImageFilter.GaussianBlur(1))


def test_a_note_is_stored_once_with_its_row_in_the_record(town):
    actor, number = worker(), uuid.uuid4()
    taken = services.write_note(actor=actor, facts=facts(town), now=NOW, client_id=number)
    again = services.write_note(actor=actor, facts=facts(town), now=NOW, client_id=number)
    assert (taken.is_new, again.is_new, again.note.pk) == (True, False, taken.note.pk)
    assert taken.note.district_id == town.parent_id
    assert AuditEntry.objects.filter(action="outreach.write_note").count() == 1


def test_another_content_under_the_same_number_is_a_conflict_and_nothing_is_lost(town):
    actor, number = worker(), uuid.uuid4()
    services.write_note(actor=actor, facts=facts(town), now=NOW, client_id=number)
    with pytest.raises(services.OtherNoteError) as refused:
        services.write_note(
            actor=actor, facts=facts(town, text="Жарық жоқ"), now=NOW, client_id=number
        )
    assert refused.value.note.text == "Су үш күн жоқ"
    with pytest.raises(ConflictError, match="Another body"):
        services.write_note(actor=worker(), facts=facts(town), now=NOW, client_id=number)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"theme": "persons"}, "theme"), ({"spot": "home"}, "spot"),
        ({"language": "xx"}, "language"),
        ({"seen_at": NOW + timedelta(hours=1)}, "seen_at"),
        ({"seen_at": NOW - timedelta(days=61)}, "seen_at"),
        ({"place_id": 0}, "place"), ({"text": " "}, "text"), ({"text": "а" * 1001}, "text"),
        ({"text": "Сосед мусульманин жалуется"}, "text"), ({"text": "Фургон 123 ABC 05"}, "text"),
        ({"text": "Звонить 8 701 123 45 67"}, "text"), ({"text": "А. Б. Иванов здесь"}, "text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(town, changes, field):
    with pytest.raises(InputError) as refused:
        services.write_note(actor=worker(), facts=facts(town, **changes), now=NOW)
    assert refused.value.location.field == field
    assert not FieldNote.objects.exists()


def test_pictures_lose_everything_but_their_pixels_and_lie_sealed(town, settings):
    actor = worker()
    note = services.write_note(actor=actor, facts=facts(town), now=NOW).note
    picture, is_new = services.add_picture(
        actor=actor, note=note, data=jpeg(square()), name="a.jpg", now=NOW
    )
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert is_new
    assert len(stored) == 1
    assert b"\xff\xd8" not in stored[0].read_bytes()[:64]
    data = services.read_picture(actor=actor, picture=picture, now=NOW)
    assert data.startswith(b"\xff\xd8")
    assert b"Camera 7" not in data
    assert not Image.open(io.BytesIO(data)).getexif()


@pytest.mark.parametrize(("drawn", "what"), [(face, "a face"), (plate, "a number plate")])
def test_faces_and_plates_are_refused_and_nothing_of_the_note_stays(town, drawn, what):
    client = sign_in(Client(), worker())
    answer = client.post(
        reverse("outreach:note_add"),
        {
            "theme": "damage", "spot": "street", "place": town.name_kk,
            "seen_at": "2026-03-02T08:00", "text": "Шам жанбайды",
            "picture": SimpleUploadedFile("a.jpg", jpeg(drawn()), "image/jpeg"),
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert not FieldNote.objects.exists()
    assert not NotePicture.objects.exists()
    data = jpeg(drawn())
    with pytest.raises(PictureError, match=what):
        services.refuse_faces(data, name="a.jpg")


def test_a_picture_without_faces_shows_none():
    seen = look(jpeg(square()))
    assert (seen.faces, seen.plates) == (0, 0)


def test_workers_see_their_own_bodys_notes_and_the_answer(town):
    ours, others = make_organisation(), make_organisation()
    first, second = worker(organisation=ours), worker(organisation=others)
    note = services.write_note(actor=first, facts=facts(town), now=NOW).note
    assert selectors.note_for(second, note.pk) is None
    assert selectors.unanswered(second) == 0
    officer = make_user(Role.DUTY_OFFICER)
    services.answer_note(actor=officer, note=note, text="Су бүгін келеді", now=NOW)
    seen = selectors.note_for(worker(organisation=ours), note.pk)
    assert (seen.state, seen.answer) == ("answered", "Су бүгін келеді")
    with pytest.raises(RefusedError):
        services.answer_note(actor=first, note=note, text="x", now=NOW)
    services.close_note(actor=officer, note=note, now=NOW)
    with pytest.raises(ConflictError):
        services.answer_note(actor=officer, note=note, text="x", now=NOW)


def test_notes_are_a_stream_of_flash_points_by_district_day_and_spot(town):
    actor = worker()
    for hours in (2, 3, 26):
        services.write_note(
            actor=actor, facts=facts(town, seen_at=NOW - timedelta(hours=hours)), now=NOW
        )
    analyst = make_user(Role.ANALYST)
    start, end = (NOW - timedelta(days=2)).date(), NOW.date()
    reader = READERS[Stream.NOTES]
    place_ids, days, counts = reader.counts(analyst, start, end)
    assert place_ids.tolist() == [town.parent_id]
    assert (len(days), counts.sum()) == (3, 3)
    cases, left_out = reader.points(analyst, start, end)
    assert (sorted(case.count for case in cases), left_out) == ([1, 2], 0)
    assert not reader.has_sample(analyst, start, end)


def test_a_rumour_heard_is_taken_in_once(town):
    officer = make_user(Role.DUTY_OFFICER)
    note = services.write_note(actor=worker(), facts=facts(town, theme="rumour"), now=NOW).note
    other = services.write_note(actor=worker(), facts=facts(town), now=NOW).note
    assert [one.pk for one in selectors.rumours_heard(officer)] == [note.pk]
    services.mark_taken(actor=officer, note=note, now=NOW)
    assert not selectors.rumours_heard(officer).exists()
    for row in (note, other):
        with pytest.raises(ConflictError):
            services.mark_taken(actor=officer, note=row, now=NOW)


def test_pages_read_and_write(town):
    client = sign_in(Client(), worker())
    answer = client.post(
        reverse("outreach:note_add"),
        {"theme": "need", "spot": "market", "place": "Шубаркудук", "seen_at": "", "text": "Су жоқ"},
    )
    assert answer.status_code == 422
    from django.utils import timezone

    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    answer = client.post(
        reverse("outreach:note_add"),
        {
            "theme": "need",
            "spot": "market",
            "place": town.name_kk,
            "seen_at": now,
            "text": "Су жоқ",
        },
    )
    note = FieldNote.objects.get()
    assert answer.url == note.get_absolute_url()
    assert "Су жоқ" in client.get(reverse("outreach:notes")).content.decode()
    assert "Су жоқ" in client.get(note.get_absolute_url()).content.decode()
    officer = sign_in(Client(), make_user(Role.DUTY_OFFICER))
    officer.post(reverse("outreach:note_answer", args=[note.pk]), {"answer": "Көлік шықты"})
    assert "Көлік шықты" in client.get(note.get_absolute_url()).content.decode()
