"""What is refused before a parser may see it, and what is opened."""

from __future__ import annotations

import tracemalloc

import pytest
from tests.cap.messages import GOOD, broken, with_

from qalqan.cap.document import parse
from qalqan.cap.errors import XmlRefused
from qalqan.cap.limits import Limits
from qalqan.cap.validate import validate

ROOT = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
LOL = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))


def rule_of(data: bytes, **limits: int) -> str:
    with pytest.raises(XmlRefused) as caught:
        parse(data, Limits(**limits))
    return caught.value.rule


@pytest.mark.parametrize(
    "prolog",
    [
        f'<!DOCTYPE alert [<!ENTITY l0 "lol">{LOL}]>',
        '<!DOCTYPE alert SYSTEM "http://localhost:1/x.dtd">',
        '<!DOCTYPE alert [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
        '<?xml version="1.0"?>\n<!-- a --> <?b c?>\n<!DOCTYPE alert>',
        "\ufeff<!DOCTYPE alert>",
        "<!doctype alert>",
    ],
)
def test_document_types_are_refused_wherever_they_hide(prolog):
    data = f"{prolog}{ROOT}&l11;</alert>".encode()
    assert rule_of(data) == "xml.dtd"
    assert broken(data) == {"xml.dtd"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_in_utf_16_is_refused(encoding):
    data = f"<!DOCTYPE alert [{LOL}]>{ROOT}&l11;</alert>".encode(encoding)
    assert rule_of(data) == "xml.dtd"


def test_the_line_of_a_document_type_is_told():
    report = validate(f"<?xml version='1.0'?>\n\n<!DOCTYPE alert>{ROOT}</alert>".encode())
    assert report.errors[0].line == 3


def test_the_words_of_a_document_type_are_harmless_in_text():
    assert not broken(with_(("Sample exercise", "&lt;!DOCTYPE a>")))
    assert not broken(with_(("Sample exercise", "<![CDATA[<!DOCTYPE a>]]>")))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"<",
        b"<alert",
        b"\x00\x00\x00",
        b"\xff\xfe\x00",
        b"\xff\xfe\xff",
        ROOT.encode() + b"\xff</alert>",
        ROOT.encode() + b"&lol;</alert>",
        ROOT.encode() + b"&#0;</alert>",
        ROOT.encode() + b"\x0b</alert>",
        ROOT.encode() + b"]]></alert>",
        ROOT.encode() + b"</alert><alert/>",
        "<?xml version='1.0' encoding='utf-32'?><a/>".encode("utf-32"),
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
        b"<?xml version='1.0' encoding='cp037'?><a/>",
        b"<?xml version='1.0' encoding='no-such'?><a/>",
    ],
)
def test_what_is_no_openable_xml_is_a_finding_never_a_crash(data):
    report = validate(data)
    assert not report.valid
    assert report.errors[0].layer == "xml"
    assert report.errors[0].line >= 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-5", "windows-1251", "koi8-r"])
def test_encodings_are_opened(encoding):
    text = with_(("<event>Су тасқыны", "<event>Паводок"), ("Карта", "Card")).decode()
    ascii_only = "".join(one if one.isascii() or one in "Паводок" else "?" for one in text).replace(
        'encoding="UTF-8"', f'encoding="{encoding}"'
    )
    root = parse(ascii_only.encode(encoding))
    assert root.findtext(".//{*}event") == "Паводок"
    assert validate(ascii_only.encode(encoding)).valid


def test_size_tags_and_attributes_are_bounded():
    assert rule_of(GOOD.encode(), size=100) == "xml.size"
    assert rule_of(GOOD.encode(), tags=10) == "xml.size"
    many = ROOT[:-1] + "".join(f' a{i}="1"' for i in range(50)) + "/>"
    assert rule_of(many.encode(), attributes=20) == "xml.size"


def test_a_giant_takes_no_memory_worth_speaking_of():
    giant = ROOT.encode() + b"<a>" * 20_000_000
    tracemalloc.start()
    report = validate(giant)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.errors[0].rule == "xml.size"
    assert peak < 1 << 20


def test_one_bad_file_does_not_spoil_the_next():
    bomb = f"<!DOCTYPE alert [{LOL}]>{ROOT}&l11;</alert>".encode()
    before = validate(GOOD.encode())
    for data in (bomb, b"<alert", b"\xff\xfe"):
        assert not validate(data).valid
    assert before.valid
    assert validate(GOOD.encode()) == before


@pytest.mark.parametrize(
    ("declared", "true"),
    [("UTF-8", "utf-16"), ("iso-8859-5", "utf-16-le"), ("ISO-8859-1", "utf-8-sig")],
)
def test_an_encoding_other_than_the_declared_one_is_refused(declared, true):
    """XML 1.0, 4.3.3: presenting an entity in another encoding than it names is a fatal error."""
    data = GOOD.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(true)
    assert broken(data) == {"xml.encoding"}
