"""Take a picture from outside: its type by content, its size, and nothing but its pixels.

Whatever is handed in is decoded and written anew, so that place, time and device (EXIF, XMP,
GPS), comments, and anything hung on behind the picture are gone.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from qalqan.errors import InputError, Location

LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 50_000_000
LONGEST_SIDE = 4096
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_SUFFIXES = {".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_LONGEST_NAME = 80


class PictureError(InputError):
    """A file that was handed in is no picture that the desk takes."""

    code = "privacy.picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew: its bytes, its type, its size in pixels."""

    data: bytes
    content_type: str
    width: int
    height: int


def clean_picture(
    data: bytes, *, name: str, field: str | None = None, longest: int = LONGEST_SIDE
) -> Picture:
    """Return the pixels of a picture in a new file.

    Parameters
    ----------
    data
        What was handed in.
    name
        Its name as the person gave it; only its ending is looked at.
    field
        The field of the form, for the error.
    longest
        The most pixels that a side keeps.

    Raises
    ------
    PictureError
        It is empty, too large, of another type than its name says, damaged, or no picture.
    """
    where = Location(_shown(name), field=field)
    if not data:
        raise PictureError(_("The file is empty."), location=where)
    if len(data) > LARGEST_BYTES:
        raise PictureError(
            _("The file has %(size)s MB; at most %(most)s MB are taken.")
            % {"size": -(-len(data) // 2**20), "most": LARGEST_BYTES // 2**20},
            location=where,
            hint=_("Make the picture smaller and try again."),
        )
    form = _format_of(data)
    if form is None:
        raise PictureError(
            _("The content is no JPEG, PNG or WebP picture."),
            location=where,
            hint=_("Save plans and papers as PNG or JPEG pictures, page by page."),
        )
    suffix = PurePath(name).suffix.lower()
    if suffix and _SUFFIXES.get(suffix) != form:
        raise PictureError(
            _("The name ends in %(suffix)s, but the content is %(form)s.")
            % {"suffix": suffix[:12], "form": form},
            location=where,
            hint=_("Give the file the ending of its content."),
        )
    return _rewritten(data, form, where, longest)


def _shown(name: str) -> str:
    printable = "".join(char for char in name if char.isprintable())
    return printable[-_LONGEST_NAME:] or "?"


def _format_of(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def _rewritten(data: bytes, form: str, where: Location, longest: int) -> Picture:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=[form]) as image:
            # The header alone says how large it would become; nothing is decoded before that.
            if image.width * image.height > LARGEST_PIXELS:
                raise PictureError(
                    _("The picture has %(pixels)s million pixels; at most %(most)s are taken.")
                    % {
                        "pixels": round(image.width * image.height / 1_000_000),
                        "most": LARGEST_PIXELS // 1_000_000,
                    },
                    location=where,
                    hint=_("Make the picture smaller and try again."),
                )
            image.draft("RGB", (longest, longest))
            image.load()
            upright = ImageOps.exif_transpose(image)
            keeps_alpha = (form == "PNG" and "transparency" in image.info) or "A" in image.mode
            mode = "RGBA" if keeps_alpha and form == "PNG" else "RGB"
            pixels = upright.convert(mode)
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(_("The picture is too large."), location=where) from error
    except (OSError, ValueError, SyntaxError, MemoryError, TypeError, IndexError) as error:
        raise PictureError(_("The picture is damaged."), location=where) from error
    pixels.thumbnail((longest, longest))
    # A new canvas: nothing that the old file said beside its pixels can come along.
    canvas = Image.new(pixels.mode, pixels.size)
    canvas.paste(pixels)
    made = "PNG" if form == "PNG" else "JPEG"
    out = io.BytesIO()
    canvas.save(out, made, **({"quality": 85} if made == "JPEG" else {"compress_level": 6}))
    return Picture(out.getvalue(), _FORMATS[made], canvas.width, canvas.height)
