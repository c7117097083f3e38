"""The quick way and the tree say the same, on mutants and on what only a parser understands."""

from __future__ import annotations

import random

import pytest
from bench._cap_mutations import SEED, mutate
from tests.cap.messages import GOOD

from qalqan.cap.errors import CapError
from qalqan.cap.read import read
from qalqan.cap.validate import tree_only, validate
from qalqan.cap.validate.quick import schema_valid
from qalqan.cap.write import write


def findings(report):
    return [one.as_dict() for one in report.errors]


def test_mutants_never_crash_and_both_ways_agree():
    rng = random.Random(20261122)
    layers = set()
    for _ in range(1500):
        data = mutate(rng, [SEED])
        report = validate(data, profile="qalqan")
        layers.add(report.failed)
        assert findings(report) == findings(tree_only(data, profile="qalqan"))
        assert report.valid == (not any(one.severity == "error" for one in report.errors))
        broken = {one.layer for one in report.errors if one.severity == "error"}
        if not broken & {"xml", "schema"}:
            alert = read(data)
            assert read(write(alert)) == alert
    assert layers >= {"xml", "schema", "specification"}


def test_mutants_are_read_or_refused_never_else():
    rng = random.Random(7)
    refused = 0
    for _ in range(500):
        try:
            read(mutate(rng, [SEED]))
        except CapError:
            refused += 1
    assert 100 < refused < 500


ODD = [
    GOOD.replace("<note>", "<note><![CDATA[a]]>"),
    GOOD.replace("<note>", "<!-- a --><note>"),
    GOOD.replace("<note>", "<?a b?><note>"),
    GOOD.replace("<note>", "<note>&#65;"),
    GOOD.replace("<note>", "<note>]]>"),
    GOOD.replace("<note>", "<note>&nbsp;"),
    GOOD.replace("<note>", "<note>& "),
    GOOD.replace("<note>", "<note>\x0b"),
    GOOD.replace("<note>", "<note>\uffff"),
    GOOD.replace("<note>", "<note >"),
    GOOD.replace("<note>", "<note a='1'>"),
    GOOD.replace("<alert ", '<alert xml:lang="kk" '),
    GOOD.replace("<alert ", '<alert xmlns="urn:x" '),
    GOOD.replace("<alert ", "<alert x:y='1' "),
    GOOD.replace("cap:1.2", "cap:1.1"),
    GOOD.replace('encoding="UTF-8"', 'encoding="big5"'),
    GOOD + "<a/>",
    GOOD + "x",
    "x" + GOOD,
    GOOD.replace("</alert>", "</info>"),
]


@pytest.mark.parametrize("text", ODD)
def test_what_only_a_parser_understands_goes_to_the_parser(text):
    assert schema_valid(text.encode()) is None


PLAIN = [
    GOOD,
    "\ufeff" + GOOD,
    GOOD.replace("\n", "\r\n"),
    GOOD.replace("\n", ""),
    GOOD.partition("\n")[2],
    GOOD.replace("<contact>112</contact>", "<contact/>"),
    GOOD.replace("<value>FLD</value>", "<value/>"),
    GOOD.replace("&amp;", "&quot;&lt;b&gt;&apos;"),
    GOOD.replace("<", "<cap:")
    .replace("<cap:/", "</cap:")
    .replace("<cap:?", "<?")
    .replace("xmlns=", "xmlns:cap="),
    GOOD.replace("<alert ", '<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '),
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_nearly_all_write_takes_the_quick_way(text):
    quick = schema_valid(text.encode())
    assert quick is not None
    assert findings(validate(text.encode())) == findings(tree_only(text.encode()))
    spoiled = text.replace("50.28,57.17 2.5", "50.28").encode()
    assert schema_valid(spoiled) is not None
    assert findings(validate(spoiled)) == findings(tree_only(spoiled))
