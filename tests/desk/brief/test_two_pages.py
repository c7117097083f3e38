"""On paper the brief has two pages at most, however much there is; what is cut is told."""

import io

import pytest
from django.utils import translation
from pypdf import PdfReader
from tests.support import brief_factories as made

from qalqan.desk.brief import content, render
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.present import present
from qalqan.desk.brief.sealing import digest
from qalqan.desk.brief.two_pages import fitted, pages_of


def edition(brief):
    payload = content.as_json(brief)
    return BriefEdition(
        created_at=brief.made_at, as_of=brief.as_of, payload=payload, digest=digest(payload),
        is_sample=True,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("brief", [made.full(), made.overfull()])
def test_full_and_overfull_days_take_two_pages(brief, language):
    made_pdf = render.pdf(edition(brief), language=language)
    reader = PdfReader(io.BytesIO(made_pdf))
    assert len(reader.pages) == pages_of(made_pdf) == 2


def test_a_quiet_day_takes_two_pages_at_most():
    assert pages_of(render.pdf(edition(made.calm()), language="kk")) <= 2


def test_the_first_ten_lines_are_on_the_first_page_whatever_is_cut():
    brief = made.overfull()
    with translation.override("kk"):
        leads = present(brief, digest="").leads
    reader = PdfReader(io.BytesIO(render.pdf(edition(brief), language="kk")))
    first = "".join(reader.pages[0].extract_text().split())
    assert len(leads) == 10
    for lead in leads:
        assert "".join(lead.text[:20].split()) in first


def test_what_is_not_on_paper_is_counted():
    with translation.override("en"):
        whole, *shorter = fitted(present(made.overfull(), digest=""))
    asked = {part.key: len(part.lines) + sum(len(t.rows) for t in part.tables)
             for part in whole.sections}  # fmt: skip
    for page in shorter:
        for part in page.sections:
            left = len(part.lines) + sum(len(t.rows) for t in part.tables)
            cut = asked[part.key] - left
            assert (f"read at the desk: {cut}." in part.more) is (cut > 0)
