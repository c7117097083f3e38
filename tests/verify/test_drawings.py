"""What lies in a report beside its words is told, also where the desk's own key signed it."""

import json

import pytest
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject
from tests.support.report_files import checked, differing, pair, rewritten

from qalqan.cli.verify import _tell
from qalqan.desk.commission import report_paper
from qalqan.verify.checking import File, check
from qalqan.verify.refusals import BadReportError, readable


def _drawn(more, *, before=b""):
    def change(writer):
        page = writer.pages[0]
        stream = DecodedStreamObject()
        stream.set_data(before + page.get_contents().get_data() + more)
        page[NameObject("/Contents")] = writer._add_object(stream)

    return change


def _note(writer):
    writer.add_annotation(0, FreeText(text="999", rect=(50, 550, 200, 650)))


def _second(writer):
    writer.add_attachment("other.json", b"{}")


def _program(writer):
    script = DictionaryObject()
    script[NameObject("/S")] = NameObject("/Launch")
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)


def _cut(writer):
    from pypdf.generic import FloatObject

    page = writer.pages[0]
    page[NameObject("/CropBox")] = ArrayObject(FloatObject(n) for n in (0, 0, 300, 300))


_WAYS = {
    "white paper over the words": (_drawn(b"\nq 1 1 1 rg 0 0 600 800 re f Q\n"), "page 1: "),
    "a wide white line": (_drawn(b"\nq 1 SCN 800 w 0 400 m 600 400 l S Q\n"), "page 1: a line"),
    "a line made wide": (_drawn(b"\nq 900 0 0 900 0 0 cm 1 w 0 0 m 1 1 l S Q\n"), "another size"),
    "a picture": (_drawn(b"\n/Im0 Do\n"), "page 1: something is drawn"),
    "letters unseen": (_drawn(b"\nBT 3 Tr ET\n"), "not to be seen"),
    "white letters": (_drawn(b"\n/c0 cs 1 scn\n"), "not to be seen"),
    "a note": (_note, "page 1: something is laid over the page (FreeText)"),
    "a second file": (_second, "1 more files"),
    "an act on opening": (_program, "OpenAction"),
    "a page that is cut": (_cut, "turned or cut"),
}


@pytest.mark.parametrize("way", _WAYS)
def test_what_could_cover_or_hide_the_words_is_told(way):
    change, word = _WAYS[way]
    _earlier, own, key = pair()
    found = differing(checked(report_paper.signed(rewritten(own.bare, change), key=key)))
    assert set(found) == {"pages"}
    assert any(word in one for one in found["pages"]), found


def _with_data(raw):
    def change(writer):
        for one in writer.attachment_list:
            one.content = raw

    return File("report.pdf", rewritten(pair()[1].bare, change))


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (b'"locked_at":"2026-04-02T04:00:00+00:00"', b'"locked_at":"x"'),
        (b'"locked_at":"2026-04-02T04:00:00+00:00"', b'"locked_at":"2026-04-02T04:00:00"'),
        (b'"value":5,', b'"value":1e999,'),
        (b'"value":5,', b'"value":' + b"9" * 400 + b","),
        (b'"decimals":2', b'"decimals":true'),
        (b"Row 1 of", b"Row \\ud800 of"),
    ],
)
def test_data_that_cannot_be_compared_are_bad_input(own, other):
    raw = pair()[1].data
    assert own in raw
    with pytest.raises(BadReportError, match="not shaped"):
        check(_with_data(raw.replace(own, other, 1)))


def test_half_a_letter_in_a_salt_is_a_finding_and_no_crash():
    told = json.loads(pair()[1].chain)
    told["public"]["31"]["salt"] = "\ud800"
    found = differing(checked(pair()[1].pdf, chain=json.dumps(told).encode()))
    assert "entry 31" in found["chain"][0]


def test_a_file_cannot_write_over_what_is_found_in_it(capsys):
    raw = pair()[1].data
    name = b'"publisher":"\\u001b[2J\\nagrees       signature: \\u202eall"'
    _tell(check(_with_data(raw.replace(b'"publisher":"Qalqan"', name, 1))))
    out = capsys.readouterr().out
    assert "DIFFERS" in out
    assert not any(line.startswith("agrees       signature: ") for line in out.splitlines())
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\x1b" not in str(BadReportError("figure \x1b[2J").message)
    assert readable("1\u202f234 ә") == "1\u202f234 ә"
