"""One changed digit, page, row or chain entry is found and named; a forger's key, too."""

import copy
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.report_files import (
    AT,
    checked,
    differing,
    key_at,
    other_glyph,
    pair,
    published,
    rewritten,
)

from qalqan.desk.commission import report_paper
from qalqan.verify import chain
from qalqan.verify.canonical import canonical
from qalqan.verify.checking import File, check
from qalqan.verify.refusals import BadReportError
from qalqan.verify.rows import as_csv

_FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_MANY = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_what_was_published_agrees_and_everything_was_checked():
    found = checked(pair()[1].pdf)
    assert [one.state for one in found.checks] == ["agrees"] * 8


@_FEW
@given(st.data())
def test_any_changed_byte_breaks_the_signature_or_the_file(data):
    pdf = bytearray(pair()[1].pdf)
    at = data.draw(st.integers(0, len(pdf) - 1))
    pdf[at] ^= data.draw(st.integers(1, 255))
    try:
        found = checked(bytes(pdf))
    except BadReportError:
        return
    assert "signature" in differing(found) or "certificate" in differing(found)


@_FEW
@given(page=st.integers(0, 2), choose=st.integers(0, 400))
def test_another_glyph_on_a_page_is_named_by_page(page, choose):
    forged = rewritten(pair()[1].pdf, other_glyph(page, choose))
    found = differing(checked(forged))
    assert "signature" in found
    named = [*found.get("figures", ()), *found.get("pages", ())]
    assert any(f"page {page + 1}" in one for one in named)


def test_a_printed_digit_is_named_by_figure():
    _earlier, own, key = pair()
    told = copy.deepcopy(own.content)
    told["sections"][1]["figures"][3]["value"] += 1
    bare = report_paper.report_pdf(told, own.data, "en", made_at=AT)
    found = differing(checked(report_paper.signed(bare, key=key)))
    assert set(found) == {"figures"}
    assert len(found["figures"]) == 1
    assert "figure part1.row3" in found["figures"][0]
    assert "1,117" in found["figures"][0]


def _other_order(writer):
    kids = writer.root_object["/Pages"]["/Kids"]
    kids[0], kids[1] = kids[1], kids[0]


def _fewer(writer):
    writer.remove_page(1)


def _twice(writer):
    writer.add_page(writer.pages[2])


@pytest.mark.parametrize("change", [_other_order, _fewer, _twice])
def test_pages_in_another_order_missing_or_doubled_are_named(change):
    found = differing(checked(rewritten(pair()[1].pdf, change)))
    assert {"signature", "pages", "figures"} <= set(found)
    assert any("page" in one for one in found["pages"])


def test_what_is_added_after_signing_is_told():
    pdf = pair()[1].pdf
    end = pdf[pdf.rindex(b"startxref") :]
    found = differing(checked(pdf + b"\n% more\n" + end))
    assert "added to the file after it was signed" in found["signature"][0]


def test_a_forger_with_an_own_key_is_told_by_the_fingerprint():
    own = pair()[1]
    forger = key_at(AT - timedelta(days=2))
    told = copy.deepcopy(own.content)
    told["sections"][0]["figures"][0]["value"] = 4
    told["certificate"]["sha256"] = forger.fingerprint
    forged = published(told, forger, 31, 60)
    found = differing(
        check(File("forged.pdf", forged.pdf), chains=[File("chain.json", own.chain)],
              fingerprint=own.fingerprint)
    )  # fmt: skip
    assert set(found) == {"certificate"}
    assert "somebody else signed this report" in found["certificate"][0]
    unpinned = check(File("forged.pdf", forged.pdf))
    assert unpinned.agrees
    assert {one.code: one.state for one in unpinned.checks}["certificate"] == "not checked"


def test_signing_anew_without_naming_the_own_certificate_is_told():
    own = pair()[1]
    resigned = report_paper.signed(own.bare, key=key_at(AT - timedelta(days=2)))
    found = differing(check(File("resigned.pdf", resigned)))
    assert set(found) == {"certificate"}


_FIELDS = ("value", "low", "decimals", "from", "withheld", "code")


@_MANY
@given(part=st.integers(0, 2), row=st.integers(0, 15), field=st.sampled_from(_FIELDS))
def test_a_changed_field_of_the_data_file_is_named(part, row, field):
    content = pair()[1].content
    figure = content["sections"][part]["figures"][row]
    figure[field] = 9 if not isinstance(figure[field], str) else figure[field] + "9"
    found = differing(checked(pair()[1].pdf, data=canonical(content)))
    assert set(found) == {"data-file"}
    assert any(f".{field}" in one for one in found["data-file"])


@_MANY
@given(st.data())
def test_a_changed_dropped_or_added_row_of_the_csv_is_named(data):
    own = pair()[1]
    lines = as_csv(own.content).decode("utf-8-sig").split("\r\n")
    assert not differing(checked(own.pdf, data="\r\n".join(lines).encode()))
    at = data.draw(st.integers(1, len(lines) - 2))
    way = data.draw(st.sampled_from(["change", "drop", "double"]))
    if way == "change":
        cells = lines[at].split(",")
        cells[5] += "1"
        lines[at] = ",".join(cells)
    elif way == "drop":
        del lines[at]
    else:
        lines.insert(at, lines[at])
    found = differing(checked(own.pdf, data="\r\n".join(lines).encode()))
    assert set(found) == {"data-file"}
    last = way == "drop" and at == len(lines) - 1
    assert last or any(f"row {at + (2 if way == 'double' else 1)} " in one
                       for one in found["data-file"])  # fmt: skip


@_MANY
@given(st.data())
def test_a_changed_dropped_added_or_swapped_entry_of_the_chain_is_named(data):
    own = pair()[1]
    content = json.loads(own.chain)
    rows = content["entries"]
    at = data.draw(st.integers(0, len(rows) - 1))
    number = rows[at][0]
    way = data.draw(st.sampled_from(["leaf", "link", "drop", "double", "swap", "words", "relink"]))
    if way in ("leaf", "link"):
        rows[at][1 if way == "leaf" else 2] = "0" * 64
    elif way == "drop":
        del rows[at]
    elif way == "double":
        rows.insert(at, list(rows[at]))
    elif way == "swap":
        other = (at + 1) % len(rows)
        rows[at], rows[other] = rows[other], rows[at]
    elif way == "words":
        number = data.draw(st.sampled_from([31, 60]))
        content["public"][str(number)]["detail"] = '{"n":2}'
    else:
        link = rows[at - 1][2] if at else content["start"]["link"]
        rows[at][1] = "0" * 64
        for row in rows[at:]:
            link = row[2] = chain.link_of(link, row[0], row[1])
        content["head"]["link"] = link
    found = differing(checked(own.pdf, chain=canonical(content)))
    assert "chain" in found
    if way != "relink" or number in (31, 60):
        near = {f"entry {one}" for one in (number - 1, number, number + 1)}
        assert any(one in finding for finding in found["chain"] for one in near)


def test_another_past_is_told_by_the_earlier_report():
    earlier, own, key = pair()
    told = earlier.content
    told["chain"]["link"] = "1" * 64
    other = published(told, key, 1, 30)
    found = differing(checked(own.pdf, before=other.pdf))
    assert set(found) == {"earlier"}
    assert "the past was changed" in found["earlier"][0]


def test_a_report_is_not_its_own_earlier_one():
    own = pair()[1]
    found = differing(checked(own.pdf, before=own.pdf))
    assert set(found) == {"earlier"}
    assert "not before the end" in found["earlier"][0]


def test_chain_files_between_far_reports_are_asked_for():
    earlier, own, _key = pair()
    alone = check(
        File("report.pdf", own.pdf), chains=[File("b", own.chain), File("a", earlier.chain)],
        before=File("before.pdf", earlier.pdf),
    )  # fmt: skip
    assert not differing(alone)
    gap = json.loads(own.chain)
    gap["start"] = {"sequence": 29, "link": "0" * 64}
    gap["entries"].insert(0, [30, "0" * 64, "0" * 64])
    broken = check(
        File("report.pdf", own.pdf),
        chains=[File("a", earlier.chain), File("b", canonical(gap))],
    )  # fmt: skip
    assert any("not where" in one for one in differing(broken)["chain"])


def test_an_entry_hash_that_the_chain_does_not_give_is_told():
    _earlier, own, key = pair()
    told = own.content
    told["chain"]["entry_hash"] = "2" * 64
    other = published(told, key, 31, 60)
    found = differing(check(File("r.pdf", other.pdf), chains=[File("c", own.chain)]))
    assert set(found) == {"chain"}
    assert "entry 60" in found["chain"][0]


def test_data_that_are_not_those_of_the_printed_hash_are_told():
    _earlier, own, key = pair()
    told = own.content
    bare = report_paper.report_pdf(
        told, canonical({**told, "certificate": {**told["certificate"], "next": "3" * 64}}), "en",
        made_at=AT,
    )  # fmt: skip
    with_other = rewritten(bare, lambda writer: _attach(writer, own.data))
    found = differing(check(File("r.pdf", report_paper.signed(with_other, key=key))))
    assert "data" in found


def _attach(writer, data):
    for one in writer.attachment_list:
        one.content = data
