"""Everyone reads published reports, byte for byte; drafts are nowhere."""

import json
from datetime import timedelta

import pytest
from tests.support.factories import NOW
from tests.support.report_factories import REASON, make_draft, make_report

from qalqan.verify.rows import as_csv

pytestmark = pytest.mark.django_db

_FILES = ("-kk.pdf", "-ru.pdf", "-en.pdf", ".json", ".csv", ".chain.json", ".pem")


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = str(tmp_path)


def test_a_draft_is_reachable_nowhere(client):
    make_draft()
    paths = [f"reports/files/2025-q4-v1{end}" for end in _FILES]
    paths += ["kk/reports/2025-q4/", "ru/reports/2025-q4/v1/", "reports/certificate.pem"]
    for path in paths:
        for ask in (client.get, client.head):
            assert ask(f"/public/{path}").status_code == 404, path
    assert "2025" not in client.get("/public/en/reports/").content.decode().split("<main")[1]


def test_every_file_of_a_published_report_is_handed_out_as_it_is(client):
    report = make_report()
    base = "/public/reports/files/2025-q4-v1"
    for paper in report.papers.all():
        answer = client.get(f"{base}-{paper.language}.pdf")
        assert answer.content == bytes(paper.pdf)
        assert answer["Content-Type"] == "application/pdf"
        assert "2025-Q4-v1" in answer["Content-Disposition"]
    assert client.get(f"{base}.json").content.decode() == report.data
    assert client.get(f"{base}.csv").content == as_csv(json.loads(report.data))
    assert client.get(f"{base}.chain.json").json()["report"] == "2025-Q4-v1"
    assert client.get(f"{base}.pem").content.decode() == report.certificate
    assert client.get("/public/reports/certificate.pem").content.decode() == report.certificate
    assert client.get("/public/reports/schema.json").json()["$id"] == "qalqan-report-1"
    assert client.get(f"{base[:-1]}2.json").status_code == 404


@pytest.mark.parametrize(
    ("language", "word"),
    [("kk", "орнын жаңасы"), ("ru", "версия заменена"), ("en", "is superseded")],
)
def test_a_superseded_version_stays_and_says_so(client, language, word):
    make_report()
    make_report(now=NOW + timedelta(days=1), reason=REASON)
    former = client.get(f"/public/{language}/reports/2025-q4/v1/").content.decode()
    assert word in former
    stands = client.get(f"/public/{language}/reports/2025-q4/").content.decode()
    assert REASON[language] in stands
    listed = client.get(f"/public/{language}/reports/").content.decode()
    assert f"/public/{language}/reports/2025-q4/v1/" in listed
    told = client.get(f"/public/{language}/corrections/").content.decode()
    assert f'href="/public/{language}/reports/2025-q4/v2/"' in told
    assert REASON[language] in told
