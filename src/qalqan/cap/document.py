"""Bytes to an XML tree, when nothing in them may harm us.

No DTD is ever processed: it is refused before a parser sees it, so there are no entities to
expand and nothing to fetch. Size, tags and attributes are counted first, so memory is bounded by
what was agreed and not by what was sent.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from qalqan.cap.errors import XmlRefused
from qalqan.cap.limits import LIMITS, Limits

if TYPE_CHECKING:
    from lxml import etree

_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._\-]{1,40})[\"']")
_DECLARATION = re.compile(r"\A<\?xml[^>]*\?>")
_UTF8 = re.compile(r"utf-?8", re.IGNORECASE)
_UTF16 = re.compile(r"utf-?16(?:le|be)?|(?:iso-10646-)?ucs-2", re.IGNORECASE)
_ASCII_BASED = re.compile(
    r"utf-?8|(us-)?ascii|iso-?8859-?\d+|(windows|cp)-?125\d|koi8-?[ru]|latin-?\d|gb2312|gbk|gb18030"
    r"|big5|euc-(jp|kr)|shift_?jis",
    re.IGNORECASE,
)


def parse(data: bytes, limits: Limits = LIMITS) -> etree._Element:
    """Return the root element of a document.

    Parameters
    ----------
    data
        The file.
    limits
        What it may ask of us.

    Raises
    ------
    XmlRefused
        It is too large, has a DTD, an encoding we do not open, or is not well-formed.
    """
    from lxml import etree

    plain = prepared(data, limits)
    try:
        root = etree.fromstring(plain, _parser())
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        text = (error.msg or "not well-formed").rsplit(", line ", 1)[0]
        raise XmlRefused(text, rule="xml.well-formed", line=line) from None
    except (ValueError, LookupError) as error:
        raise XmlRefused(str(error), rule="xml.well-formed", line=1) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("document types are refused", rule="xml.dtd", line=1)
    return root


def prepared(data: bytes, limits: Limits = LIMITS) -> bytes:
    """Return the bytes if they may be handed to a parser; UTF-16 comes back as UTF-8.

    Raises
    ------
    XmlRefused
        As `parse`, save that well-formedness is not looked at.
    """
    if len(data) > limits.size:
        raise XmlRefused(f"more than {limits.size:,} bytes", rule="xml.size", line=1)
    plain = _as_ascii_based(data)
    if plain.count(b"<") > limits.tags:
        raise XmlRefused(f"more than {limits.tags:,} tags", rule="xml.size", line=1)
    if plain.count(b"=") > limits.attributes and _attributes(plain) > limits.attributes:
        raise XmlRefused(f"more than {limits.attributes:,} attributes", rule="xml.size", line=1)
    start = _PROLOG.match(plain, 3 if plain.startswith(codecs.BOM_UTF8) else 0)
    end = start.end() if start else 0
    if plain[end : end + 9].upper() == b"<!DOCTYPE":
        line = plain.count(b"\n", 0, end) + 1
        raise XmlRefused("document types (DTD) are refused", rule="xml.dtd", line=line)
    return plain


def _attributes(plain: bytes) -> int:
    return sum(1 for _ in re.finditer(rb"=\s*[\"']", plain))


def _as_ascii_based(data: bytes) -> bytes:
    head = data[:4]
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in head:
        return _from_utf16(data)
    name = _declared(data)
    if name and not _ASCII_BASED.fullmatch(name):
        raise XmlRefused(f"the encoding {name} is not opened", rule="xml.encoding", line=1)
    if name and data.startswith(codecs.BOM_UTF8) and not _UTF8.fullmatch(name):
        raise _contradiction(name, "UTF-8")
    return data


def _declared(data: bytes) -> str:
    declared = _DECLARED.search(data, 0, 200)
    return declared[1].decode("ascii") if declared else ""


def _contradiction(name: str, true: str) -> XmlRefused:
    # XML 1.0, 4.3.3: fatal, as the next reader may believe the name and see other letters.
    return XmlRefused(f"it says {name}, but is {true}", rule="xml.encoding", line=1)


def _from_utf16(data: bytes) -> bytes:
    if data[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE) or data[:3] == b"\0\0\0":
        raise XmlRefused("the encoding UTF-32 is not opened", rule="xml.encoding", line=1)
    little = data[:2] == codecs.BOM_UTF16_LE or data[1:2] == b"\0"
    try:
        text = data.decode("utf-16-le" if little else "utf-16-be").removeprefix("\ufeff")
        plain = text.encode("utf-8")
    except UnicodeError as error:
        raise XmlRefused(f"broken UTF-16: {error}", rule="xml.encoding", line=1) from None
    name = _declared(plain)
    if name and not _UTF16.fullmatch(name):
        raise _contradiction(name, "UTF-16")
    return _DECLARATION.sub("", text).encode("utf-8")


@lru_cache(maxsize=1)
def _parser() -> etree.XMLParser:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
