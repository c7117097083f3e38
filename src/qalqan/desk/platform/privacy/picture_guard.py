"""Refuse pictures that show faces or number plates.

Haar cascades out of OpenCV's own wheel: old, small and fast. They miss faces that are turned
away, covered, dark, or smaller than some 24 pixels, and plates seen at an angle; and now and then
they take a pattern for a face. docs/model-cards says so, and so does the page.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.privacy.pictures import PictureError
from qalqan.errors import Location

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_SIDE = 1024
"""Pictures are looked at no larger than this; a face of 24 pixels there is 2 % of its width."""
_FACES = ("frontalface_alt", "frontalface_alt2", "profileface")
_PLATES = ("russian_plate_number", "license_plate_rus_16stages")
_SMALLEST_FACE = (24, 24)
_SMALLEST_PLATE = (40, 12)
_NEIGHBOURS = {"russian_plate_number": 8, "license_plate_rus_16stages": 8}
"""Overlapping hits that are needed; fewer for faces, as a missed face weighs more."""
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Seen:
    """How many faces and plates a picture seems to show."""

    faces: int
    plates: int


def look(data: bytes) -> Seen:
    """Count what looks like a face or a number plate in a picture.

    Parameters
    ----------
    data
        A JPEG or PNG that `pictures.clean_picture` wrote.
    """
    grey = _grey(data)
    # A cascade keeps what it works on inside itself, so two threads must not share one at once.
    with _one_at_a_time:
        faces = max(_count(name, grey, _SMALLEST_FACE) for name in _FACES)
        faces = max(faces, _count("profileface", grey[:, ::-1].copy(), _SMALLEST_FACE))
        plates = max(_count(name, grey, _SMALLEST_PLATE) for name in _PLATES)
    return Seen(faces, plates)


def _grey(data: bytes) -> NDArray[np.uint8]:
    import io

    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        grey = image.convert("L")
        grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return np.asarray(grey, np.uint8)


@cache
def _cascade(name: str) -> Any:
    import cv2

    # The wheel's own folder; its module of data has no types.
    path = Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise RuntimeError(f"the cascade {name} is not in OpenCV's wheel")
    return cascade


def _count(name: str, grey: NDArray[np.uint8], smallest: tuple[int, int]) -> int:
    return len(
        _cascade(name).detectMultiScale(grey, 1.1, _NEIGHBOURS.get(name, 4), minSize=smallest)
    )


def refuse_faces(data: bytes, *, name: str, field: str | None = None) -> None:
    """Refuse a picture that seems to show a face or a number plate.

    Raises
    ------
    PictureError
        It does.
    """
    seen = look(data)
    what = [
        *([_("a face")] if seen.faces else []),
        *([_("a number plate")] if seen.plates else []),
    ]
    if what:
        raise PictureError(
            _("The picture seems to show: %(what)s. It was not stored.")
            % {"what": ", ".join(what)},
            location=Location(name, field=field),
            hint=_("Take another from farther away or another side, or cover that part."),
        )
