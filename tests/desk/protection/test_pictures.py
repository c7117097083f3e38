"""Pictures from outside: type by content, size, nothing but pixels kept, sealed in the store."""

import io
import os
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from PIL import Image
from tests.support.factories import NOW, make_user
from tests.support.protection_factories import make_site, picture_bytes

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.privacy import pictures
from qalqan.desk.platform.privacy.pictures import PictureError, clean_picture
from qalqan.desk.protection.models import SiteFile, StoredFile
from qalqan.desk.protection.services import files
from qalqan.errors import ConflictError, InputError, IntegrityError, RefusedError


def with_gps(form):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif[0x0112] = 6
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (50.0, 16.0, 47.0)
    comment = {"comment": b"a secret comment"} if form == "JPEG" else {}
    return picture_bytes(form, exif=exif.tobytes(), **comment)


@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")]
)
def test_place_device_and_comments_are_gone(form, name):
    data = with_gps(form)
    assert b"Secret camera" in data
    made = clean_picture(data, name=name)
    again = Image.open(io.BytesIO(made.data))
    assert b"ecret" not in made.data
    assert not again.getexif()
    assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # Turned upright before the mark that says so was dropped.
    assert (made.width, made.height) == (48, 64)


def test_colours_are_kept():
    made = Image.open(io.BytesIO(clean_picture(picture_bytes("PNG"), name="a.png").data))
    assert made.getpixel((60, 10)) == (200, 30, 30)
    assert made.getpixel((2, 10)) == (30, 30, 200)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_every_mode_is_taken(mode):
    form = "TIFF" if mode == "F" else "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, form)
    if form == "TIFF":
        with pytest.raises(PictureError, match="no JPEG"):
            clean_picture(out.getvalue(), name="a.png")
        return
    assert clean_picture(out.getvalue(), name="").width == 8


def test_what_hangs_behind_a_picture_is_cut_off():
    polyglot = picture_bytes("PNG") + b"PK\x03\x04<script>alert(1)</script>"
    assert b"script" not in clean_picture(polyglot, name="a.png").data


def png_header(width, height):
    """Return a small PNG that says it is large."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data)
        )  # fmt: skip

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


BROKEN = {
    "empty": (b"", "a.png", "empty"),
    "text": (b"hello", "a.png", "no JPEG"),
    "page": (b"<html><script>alert(1)</script>", "a.jpg", "no JPEG"),
    "drawing with script": (b"<svg onload='alert(1)'/>", "a.svg", "no JPEG"),
    "program": (b"MZ\x90\x00" + b"\x00" * 64, "a.jpg", "no JPEG"),
    "PDF": (b"%PDF-1.7\n", "a.pdf", "no JPEG"),
    "GIF": (b"GIF89a" + b"\x00" * 32, "a.gif", "no JPEG"),
    "name of another type": (picture_bytes("PNG"), "a.jpg", "ends in .jpg"),
    "name of a program": (picture_bytes("PNG"), "a.png.exe", "ends in .exe"),
    "cut JPEG": (picture_bytes("JPEG")[:200], "a.jpg", "damaged"),
    "cut PNG": (picture_bytes("PNG")[:60], "a.png", "damaged"),
    "only the mark of a JPEG": (b"\xff\xd8\xff" + b"\x00" * 50, "a.jpg", "damaged"),
    "only the mark of a WebP": (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "a.webp", "damaged"),
    "bomb": (png_header(60_000, 60_000), "a.png", "too large"),
    "smaller bomb": (png_header(9_000, 9_000), "a.png", "million pixels"),
    "says more than it has": (png_header(3_000, 3_000), "a.png", "damaged"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_wrong_picture_is_refused_by_name(kind):
    data, name, words = BROKEN[kind]
    with pytest.raises(PictureError) as caught:
        clean_picture(data, name=name, field="file")
    assert words in str(caught.value)
    assert (caught.value.location.file, caught.value.location.field) == (name or "?", "file")


def test_an_oversized_file_is_refused_before_it_is_looked_at():
    with pytest.raises(PictureError, match="at most 12 MB"):
        clean_picture(b"\xff\xd8\xff" + b"\x00" * pictures.LARGEST_BYTES, name="a.jpg")


def test_a_large_picture_is_made_smaller():
    made = clean_picture(picture_bytes("PNG", size=(400, 200)), name="a.png", longest=100)
    assert (made.width, made.height) == (100, 50)


@pytest.fixture
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def add(site, actor=None, **fields):
    fields = {"kind": "plan", "title": "Ground floor", "name": "a.png",
              "data": picture_bytes("PNG"), **fields}  # fmt: skip
    actor = actor or make_user(Role.INSPECTOR)
    return files.add_site_file(actor=actor, site=site, now=NOW, **fields)


def stored_paths(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_file_lies_sealed_outside_the_web_root(store):
    row = add(make_site())
    (path,) = stored_paths(store)
    assert b"PNG" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    inspector = make_user(Role.INSPECTOR)
    stored, data = files.read_site_file(actor=inspector, row=row, now=NOW)
    assert (stored.content_type, data[:4]) == ("image/png", b"\x89PNG")
    read = AuditEntry.objects.get(action="protection.read")
    assert read.actor_label == inspector.actor_label


def test_the_store_is_no_static_folder():
    root = Path(django_settings.MEDIA_ROOT)
    assert getattr(django_settings, "MEDIA_URL", "") in ("", "/")
    assert root.name == "files"


@pytest.mark.django_db
def test_a_changed_or_lost_file_is_told(store):
    row = add(make_site())
    (path,) = stored_paths(store)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(IntegrityError):
        files.content_of(row.file)
    path.unlink()
    with pytest.raises(IntegrityError, match="not in the store"):
        files.content_of(row.file)


@pytest.mark.django_db
def test_the_same_picture_twice_and_too_many_are_refused(store, monkeypatch):
    site = make_site()
    add(site)
    with pytest.raises(ConflictError, match="already"):
        add(site)
    monkeypatch.setattr(files, "MOST_FILES_A_SITE", 1)
    with pytest.raises(InputError, match="at most 1"):
        add(site, data=picture_bytes("PNG", size=(5, 5)))
    assert SiteFile.objects.count() == StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_only_keepers_add_and_owners_of_others_read_nothing(store):
    row = add(make_site())
    with pytest.raises(RefusedError):
        add(make_site(), actor=make_user(Role.ANALYST))
    assert not SiteFile.objects.visible_to(make_user(Role.SITE_OWNER)).exists()
    with pytest.raises(RefusedError):
        files.read_site_file(actor=make_user(Role.SECRETARY), row=row, now=NOW)


@pytest.mark.django_db
def test_what_an_act_left_behind_is_swept_after_a_day(store):
    def act():
        with transaction.atomic():
            files.keep_file(data=picture_bytes(), name="a.jpg", now=NOW)
            raise InputError("the act fails after the file is written")

    with pytest.raises(InputError):
        act()
    kept = files.keep_file(data=picture_bytes("PNG"), name="a.png", now=NOW)
    assert len(stored_paths(store)) == 2
    assert files.sweep_orphans(now=NOW) == 0
    old = (NOW - timedelta(days=2)).timestamp()
    for path in stored_paths(store):
        os.utime(path, (old, old))
    assert files.sweep_orphans(now=NOW) == 1
    assert [path.name for path in stored_paths(store)] == [kept.key]
