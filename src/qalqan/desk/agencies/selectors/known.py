"""What the cells of a file name: bodies of the directory, and areas of the desk."""

from __future__ import annotations

import difflib

from django.utils.translation import gettext as _

from qalqan.desk.agencies.models import Body
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.sources.tables import BadFieldError
from qalqan.desk.platform.sources.taking import Remembered

_SUGGESTED = 3


class KnownBodies:
    """Bodies of the directory by number, or by name in any language."""

    def __init__(self) -> None:
        self._by_name: dict[str, set[int]] = {}
        self._names: list[str] = []
        fields = ("pk", "number", "name_kk", "name_ru", "name_en", "organisation__name")
        for pk, number, *names in Body.objects.order_by("pk").values_list(*fields):
            self._by_name.setdefault(str(number), set()).add(pk)
            for name in filter(None, names):
                self._by_name.setdefault(fold_name(name), set()).add(pk)
                self._names.append(name)
        self.find = Remembered(self._look_up)

    def _look_up(self, text: str) -> int:
        number = text.removeprefix("№").strip()
        found = self._by_name.get(number) or self._by_name.get(fold_name(text)) or set()
        if len(found) == 1:
            return next(iter(found))
        if found:
            why = _("several bodies are called “%(text)s”; give the number of the one meant")
        else:
            why = _("“%(text)s” is no body of the directory")
        near = difflib.get_close_matches(text, self._names, n=_SUGGESTED, cutoff=0.5)
        words = why % {"text": text[:60]}
        if near and not found:
            words += "; " + _("did you mean: %(names)s?") % {"names": ", ".join(near)}
        raise BadFieldError("body", words)


class KnownAreas:
    """Places of every size by code or name."""

    def __init__(self) -> None:
        rows = places.places(SystemActor("agencies")).exclude(kato="")
        self._codes = dict(rows.values_list("kato", "pk"))
        self.find = Remembered(self._look_up)

    def _look_up(self, text: str) -> int:
        if not text:
            raise BadFieldError("area", _("say the area: a name or code of a place"))
        found = self._codes.get(text)
        if found is None:
            matches = places.finder().find(text)
            found = matches[0].place_id if matches else None
        if found is None:
            raise BadFieldError(
                "area", _("“%(text)s” is no place that the desk knows") % {"text": text[:60]}
            )
        return int(found)
