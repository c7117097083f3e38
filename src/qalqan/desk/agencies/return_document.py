"""The signed monthly return as a file: written one way only, and read without trusting it.

``{"return": {…}, "signature": {…}}``. What is signed is the return in canonical form (keys
sorted, no spaces, UTF-8) after a line that names the format, so that a file that was indented or
re-ordered on its way still verifies, and a signature over anything else never does.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from qalqan.errors import InputError, Location

FORMAT = "qalqan-return"
VERSION = 1
ALGORITHM = "Ed25519"
LARGEST = 2 * 1024 * 1024
_PREFIX = b"qalqan-return/1\n"
_MOST_COUNTS = 200
_MOST_AREAS = 2_000
_MOST = 2_000_000_000


class ReturnFileError(InputError):
    """A file is no return that can be read."""

    code = "agencies.return_file"


class UnknownKeyError(InputError):
    """A return is signed with a key that this desk does not trust for the province."""

    code = "agencies.unknown_key"


class BrokenSignatureError(InputError):
    """A return was changed after it was signed, or was signed with another key."""

    code = "agencies.broken_signature"


@dataclass(frozen=True, slots=True)
class Area:
    """A count of one area; nothing where it is withheld."""

    code: str
    name: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """One thing counted: for the whole province and by area; nothing where it is withheld."""

    code: str
    labels: Mapping[str, str]
    total: int | None
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a return says.

    Parameters
    ----------
    replaces
        Hash of the edition that this one corrects; empty for the first.
    threshold
        Counts under this were withheld, with as many others as keep them from being computed.
    """

    province_code: str
    province_name: str
    month: date
    edition: int
    replaces: str
    issued_at: datetime
    threshold: int
    is_sample: bool
    counts: tuple[Count, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the document as plain data."""
        return {
            "format": FORMAT, "version": VERSION,
            "province": {"code": self.province_code, "name": self.province_name},
            "month": self.month.strftime("%Y-%m"), "edition": self.edition,
            "replaces": self.replaces or None, "issued_at": self.issued_at.isoformat(),
            "threshold": self.threshold, "is_sample": self.is_sample,
            "counts": [
                {
                    "code": one.code, "labels": dict(one.labels), "total": one.total,
                    "areas": [{"code": a.code, "name": a.name, "value": a.value}
                              for a in one.areas],
                }
                for one in self.counts
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """A return as it was read or made: what it says, its canonical text, who signed it."""

    document: Document
    text: str
    key_id: str
    signature: bytes

    @property
    def digest(self) -> str:
        """The hash by which other editions and other desks name this document."""
        return hashlib.sha256(_PREFIX + self.text.encode()).hexdigest()

    def as_file(self) -> bytes:
        """Return the file to hand over."""
        data = {
            "return": json.loads(self.text),
            "signature": {
                "algorithm": ALGORITHM, "key": self.key_id,
                "value": base64.b64encode(self.signature).decode(),
            },
        }  # fmt: skip
        return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def canonical(data: Any) -> str:
    """Write data in the one form that is signed.

    >>> canonical({"b": 1, "a": [None, "ә"]})
    '{"a":[null,"ә"],"b":1}'
    """
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def key_id(public_key: Any) -> str:
    """Return the name of a public key: the hash of its 32 bytes."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return hashlib.sha256(public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def sign(document: Document, private_key: Any) -> Signed:
    """Sign a document."""
    text = canonical(document.as_data())
    signature = private_key.sign(_PREFIX + text.encode())
    return Signed(document, text, key_id(private_key.public_key()), signature)


def load_public_key(pem: bytes, *, file: str = "") -> Any:
    """Return an Ed25519 public key from PEM.

    Raises
    ------
    ReturnFileError
        It is none.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ReturnFileError(
            _("This is no Ed25519 public key in PEM."), location=Location(file or None)
        )
    return key


def check(signed: Signed, public_key: Any, *, file: str = "") -> None:
    """Check a signature.

    Raises
    ------
    BrokenSignatureError
        The document is not what was signed with this key.
    """
    from cryptography.exceptions import InvalidSignature

    try:
        public_key.verify(signed.signature, _PREFIX + signed.text.encode())
    except InvalidSignature:
        raise BrokenSignatureError(
            _("The signature does not fit: the return was changed after it was signed."),
            location=Location(file or None, field="signature"),
            hint=_("Ask the province to send the file again."),
        ) from None


def read(data: bytes, *, file: str) -> Signed:
    """Read a return; the signature is not checked yet.

    Raises
    ------
    ReturnFileError
        Naming the file and the field that is missing or wrong.
    """
    return _Reading(file).signed(data)


class _Reading:
    """Reads one file strictly: no field more, none less, no number that is not a count."""

    def __init__(self, file: str) -> None:
        self._file = file

    def _wrong(self, field: str, reason: str, line: int | None = None) -> ReturnFileError:
        return ReturnFileError(reason, location=Location(self._file, line, field or None))

    def signed(self, data: bytes) -> Signed:
        """Read the whole file."""
        whole = self._fields(self._json(data), "", {"return": dict, "signature": dict})
        seal = self._fields(
            whole["signature"], "signature", {"algorithm": str, "key": str, "value": str}
        )
        if seal["algorithm"] != ALGORITHM:
            raise self._wrong("signature.algorithm", _("only %(name)s is read") % {
                "name": ALGORITHM})  # fmt: skip
        try:
            signature = base64.b64decode(seal["value"], validate=True)
        except ValueError:
            raise self._wrong("signature.value", _("this is not base64")) from None
        if len(signature) != 64:
            raise self._wrong("signature.value", _("a signature has 64 bytes"))
        return Signed(
            self._document(whole["return"]), canonical(whole["return"]), seal["key"], signature
        )

    def _json(self, data: bytes) -> Any:
        if len(data) > LARGEST:
            raise self._wrong("", _("The file is larger than a return can be."))
        try:
            return json.loads(
                data.decode("utf-8-sig"), object_pairs_hook=self._once,
                parse_float=self._no_float, parse_constant=self._no_float,
            )  # fmt: skip
        except UnicodeDecodeError:
            raise self._wrong("", _("A byte is not valid UTF-8.")) from None
        except json.JSONDecodeError as error:
            raise self._wrong("", _("This is no JSON."), error.lineno) from None
        except RecursionError:
            raise self._wrong("", _("This is no return.")) from None

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise self._wrong(name, _("this field stands twice"))
            found[name] = value
        return found

    def _no_float(self, text: str) -> Any:
        raise self._wrong("", _("“%(text)s” is no count") % {"text": text[:20]})

    def _fields(self, value: Any, at: str, wanted: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(at, _("an object is needed here"))
        for name in wanted:
            if name not in value:
                raise self._wrong(self._at(at, name), _("this field is missing"))
        for name, held in value.items():
            if name not in wanted:
                raise self._wrong(self._at(at, name), _("this field is not known"))
            types = wanted[name]
            good = isinstance(held, types) and not (isinstance(held, bool) and types is not bool)
            if not good:
                raise self._wrong(self._at(at, name), _("this is of another kind than it must be"))
        return value

    @staticmethod
    def _at(at: str, name: str) -> str:
        return f"{at}.{name}" if at else name

    def _document(self, data: Any) -> Document:
        nothing = type(None)
        fields = self._fields(data, "return", {
            "format": str, "version": int, "province": dict, "month": str, "edition": int,
            "replaces": (str, nothing), "issued_at": str, "threshold": int, "is_sample": bool,
            "counts": list,
        })  # fmt: skip
        if (fields["format"], fields["version"]) != (FORMAT, VERSION):
            raise self._wrong("return.format", _("this format or version is not known"))
        province = self._fields(fields["province"], "return.province", {"code": str, "name": str})
        if not 1 <= fields["edition"] <= 1000:
            raise self._wrong("return.edition", _("an edition is a number from 1"))
        if (fields["edition"] == 1) != (fields["replaces"] is None):
            raise self._wrong(
                "return.replaces", _("the first edition replaces nothing, a later one names what")
            )
        if not 2 <= fields["threshold"] <= 1000:
            raise self._wrong("return.threshold", _("the threshold is a number from 2"))
        if len(fields["counts"]) > _MOST_COUNTS:
            raise self._wrong("return.counts", _("there are too many counts"))
        counts = tuple(self._count(one, n) for n, one in enumerate(fields["counts"]))
        if len({one.code for one in counts}) != len(counts):
            raise self._wrong("return.counts", _("a count stands twice"))
        return Document(
            province["code"], province["name"][:120], self._month(fields["month"]),
            fields["edition"], fields["replaces"] or "", self._moment(fields["issued_at"]),
            fields["threshold"], fields["is_sample"], counts,
        )  # fmt: skip

    def _month(self, text: str) -> date:
        try:
            found = date.fromisoformat(f"{text}-01")
        except ValueError:
            raise self._wrong("return.month", _("a month is written 2026-03")) from None
        if found.strftime("%Y-%m") != text or not 2000 <= found.year < 3000:
            raise self._wrong("return.month", _("a month is written 2026-03"))
        return found

    def _moment(self, text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise self._wrong("return.issued_at", _("this is no time with a zone"))
        return found

    def _count(self, data: Any, number: int) -> Count:
        at = f"return.counts[{number}]"
        fields = self._fields(
            data, at,
            {"code": str, "labels": dict, "total": (int, type(None)), "areas": list},
        )  # fmt: skip
        labels = self._fields(fields["labels"], f"{at}.labels", {"kk": str, "ru": str, "en": str})
        if not fields["code"] or len(fields["code"]) > 60:
            raise self._wrong(f"{at}.code", _("a code has 1 to 60 characters"))
        if len(fields["areas"]) > _MOST_AREAS:
            raise self._wrong(f"{at}.areas", _("there are too many areas"))
        areas = tuple(self._area(one, f"{at}.areas[{n}]") for n, one in enumerate(fields["areas"]))
        if len({one.code for one in areas}) != len(areas):
            raise self._wrong(f"{at}.areas", _("an area stands twice"))
        total = self._whole(fields["total"], f"{at}.total")
        open_values = [one.value for one in areas if one.value is not None]
        whole = len(open_values) == len(areas)
        if (
            total is not None
            and areas
            and (sum(open_values) > total or (whole and sum(open_values) != total))
        ):
            raise self._wrong(f"{at}.total", _("the areas do not add up to the total"))
        short = {code: text[:200] for code, text in labels.items()}
        return Count(fields["code"], short, total, areas)

    def _area(self, data: Any, at: str) -> Area:
        fields = self._fields(data, at, {"code": str, "name": str, "value": (int, type(None))})
        if not fields["code"] or len(fields["code"]) > 40:
            raise self._wrong(f"{at}.code", _("a code has 1 to 40 characters"))
        return Area(fields["code"], fields["name"][:120], self._whole(fields["value"], at))

    def _whole(self, value: int | None, at: str) -> int | None:
        if value is not None and not 0 <= value <= _MOST:
            raise self._wrong(at, _("a count is a whole number from 0"))
        return value
