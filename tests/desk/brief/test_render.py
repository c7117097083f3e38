"""Files of the brief: they stand alone, hold every letter, and say whose data they are."""

import io
import json
from html.parser import HTMLParser

import pytest
import typst
from django.utils import translation
from pypdf import PdfReader
from pypdf.generic import ByteStringObject, ContentStream, TextStringObject
from tests.support import brief_factories as made

from qalqan.desk.brief import content, render
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.services.computing import digest
from qalqan.desk.platform.ui.fonts import font_folder

LANGUAGES = ("kk", "ru", "en")


def edition(brief):
    payload = content.as_json(brief)
    return BriefEdition(
        created_at=brief.made_at,
        as_of=brief.as_of,
        payload=payload,
        digest=digest(payload),
        is_sample=brief.is_sample,
    )


def pdf_of(brief, language="kk"):
    return PdfReader(io.BytesIO(render.pdf(edition(brief), language=language)))


def text_of(reader):
    return "\n".join(page.extract_text() for page in reader.pages)


def boxes_in(reader):
    """Count glyph 0, the empty box, in everything the pages draw; two bytes are one glyph."""
    streams = []
    for page in reader.pages:
        streams.append(page.get_contents())
        drawings = page["/Resources"].get("/XObject", {})
        streams += [drawing.get_object() for drawing in drawings.values()]
    boxes = 0
    for stream in streams:
        for operands, operator in ContentStream(stream, reader).operations:
            if operator in (b"Tj", b"TJ"):
                parts = operands[0] if operator == b"TJ" else operands
                for part in parts:
                    if isinstance(part, ByteStringObject | TextStringObject):
                        raw = part.original_bytes
                        boxes += sum(raw[n : n + 2] == bytes(2) for n in range(0, len(raw), 2))
    return boxes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_holds_every_kazakh_letter(language):
    reader = pdf_of(made.brief(rumours=[made.rumour(text=made.ALPHABET)]), language)
    found = text_of(reader)
    for letter in made.ALPHABET.split():
        assert letter in found
    assert "�" not in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_of_the_pdf_is_a_box(language):
    reader = pdf_of(made.brief(rumours=[made.rumour(text=made.ALPHABET)]), language)
    assert boxes_in(reader) == 0


def test_emoji_leave_the_paper_and_stay_on_the_screen():
    text = "Су уланған‼️ 😭👍🏽 🇰🇿 Тезірек таратыңыз❗ 1️⃣"
    brief = made.brief(rumours=[made.rumour(text=text)])
    reader = pdf_of(brief)
    assert boxes_in(reader) == 0
    assert "Су уланған!! Тезірек таратыңыз! 1" in " ".join(text_of(reader).split())
    assert text in render.html(edition(brief), language="kk").decode()


def test_a_box_would_be_noticed():
    # The italic of the same family has no Cyrillic at all.
    source = f'#set text(font: "Source Sans Pro", fallback: false)\n_{made.ALPHABET}_'
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])
    assert boxes_in(PdfReader(io.BytesIO(typst.compile(source.encode(), font_paths=fonts)))) > 10


def test_a_typical_pdf_has_two_pages_at_most():
    for language in LANGUAGES:
        assert len(pdf_of(made.brief(), language).pages) <= 2


def test_the_pdf_names_its_language_for_readers_that_speak():
    assert pdf_of(made.brief(), "ru").trailer["/Root"]["/Lang"].startswith("ru")
    assert "/StructTreeRoot" in pdf_of(made.brief()).trailer["/Root"]


def test_the_same_edition_gives_the_same_pdf():
    one = edition(made.brief())
    assert render.pdf(one, language="kk") == render.pdf(one, language="kk")


@pytest.mark.parametrize(("is_sample", "times"), [(True, True), (False, False)])
def test_sample_data_are_marked_on_paper_and_screen(is_sample, times):
    brief = made.brief(is_sample=is_sample)
    assert ("SAMPLE DATA" in text_of(pdf_of(brief, "en"))) is times
    assert ("Sample data" in render.html(edition(brief), language="en").decode()) is times


def test_every_page_of_the_pdf_bears_the_footer():
    one = edition(made.brief())
    for page in PdfReader(io.BytesIO(render.pdf(one, language="en"))).pages:
        plain = page.extract_text().replace("\n", "")
        assert "Audit head: No. 4181" in plain
        assert one.digest[:20] in plain


class _Parts(HTMLParser):
    """Collect tags and whatever could fetch something."""

    def __init__(self):
        super().__init__()
        self.tags, self.fetched, self.ids, self.anchors, self.language = set(), [], set(), [], ""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        if tag == "html":
            self.language = values["lang"]
        if "id" in values:
            self.ids.add(values["id"])
        for name in ("src", "href", "action", "data", "srcset"):
            if name in values and values[name].startswith("#"):
                self.anchors.append(values[name][1:])
            elif name in values:
                self.fetched.append(values[name])
        assert not any(name.startswith("on") for name in values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_stands_alone(language):
    parts = _Parts()
    parts.feed(render.html(edition(made.brief()), language=language).decode())
    assert parts.language == language
    assert "script" not in parts.tags
    assert "link" not in parts.tags
    assert parts.fetched == []
    assert set(parts.anchors) <= parts.ids
    assert "svg" in parts.tags


def test_text_of_a_claim_cannot_become_markup():
    brief = made.brief(rumours=[made.rumour(text='<script>alert("x")</script> #panic("x") $x$')])
    page = render.html(edition(brief), language="en").decode()
    assert "<script" not in page
    assert '#panic("x") $x$' in text_of(pdf_of(brief, "en"))


def test_words_follow_the_language_asked_for_not_the_active_one():
    with translation.override("ru"):
        page = render.html(edition(made.brief()), language="kk").decode()
    assert "Таңғы шолу" in page


def test_the_json_is_the_stored_content_with_its_digest():
    one = edition(made.brief())
    body = json.loads(render.json(one))
    assert body.pop("digest") == one.digest
    assert body.pop("extract_of") is None
    assert digest(body) == one.digest
