"""Returns: made and signed by a province, taken in by the nation; nothing else gets through."""

import json
from datetime import date, timedelta

import pytest
from tests.support.agencies_factories import SYSTEM, make_areas
from tests.support.factories import NOW, make_user
from tests.support.return_factories import (
    ISSUED,
    MONTH,
    make_province,
    make_trusted,
    new_key,
    pem_of,
    signed,
)

from qalqan.desk.agencies import return_document as documents
from qalqan.desk.agencies import returns
from qalqan.desk.agencies.models import ProvinceKey, Return, ReturnCount
from qalqan.desk.agencies.selectors import nation
from qalqan.desk.agencies.services import keys, monthly
from qalqan.desk.platform.policies import Role
from qalqan.errors import ConflictError, InputError, RefusedError, SettingsError

pytestmark = pytest.mark.django_db
LATER = ISSUED + timedelta(days=2)


@pytest.fixture(autouse=True)
def _national(settings):
    settings.QALQAN_NATIONAL = True


def take(data, *, now=LATER, name="r.json", actor=SYSTEM):
    return monthly.import_return(actor=actor, data=data, file=name, now=now)


@pytest.fixture
def province():
    return make_trusted("150000000", "Aktobe Region")


def test_twenty_provinces_are_taken_in_and_the_missing_one_is_named():
    files = []
    for number in range(20):
        code = f"{number + 10}0000000"
        _place, key = make_trusted(code, f"Province {number}")
        files.append((f"{number}.json", signed(key, code, total=number, value=number).as_file()))
    make_province("990000000", "Late Region")
    taken = monthly.import_returns(actor=SYSTEM, files=files, now=LATER)
    assert {one.outcome for one in taken} == {"stored"}
    month = nation.nation(SYSTEM, month=MONTH)
    assert [place.kato for place in month.missing] == ["990000000"]
    (total,) = month.sums
    assert (total.value, total.of, total.withheld) == (sum(range(20)), 20, 0)


def test_a_replay_changes_nothing_even_when_the_file_is_laid_out_anew(province):
    data = signed(province[1]).as_file()
    assert take(data).outcome == "stored"
    assert take(data).outcome == "known"
    shuffled = json.dumps(dict(reversed(json.loads(data).items())), indent=7).encode()
    assert take(shuffled).outcome == "known"
    assert Return.objects.count() == 1


def test_a_corrected_return_replaces_and_the_earlier_stays_readable(province):
    first = signed(province[1])
    take(first.as_file())
    second = signed(province[1], edition=2, replaces=first.digest, total=20, value=20)
    assert take(second.as_file()).outcome == "replaced"
    assert [row.replaced_at is None for row in Return.objects.order_by("edition")] == [False, True]
    assert nation.nation(SYSTEM, month=MONTH).sums[0].value == 20
    assert take(first.as_file()).outcome == "known"
    assert nation.nation(SYSTEM, month=MONTH).sums[0].value == 20


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"total": 13, "value": 13}, "return.edition"),
        ({"edition": 2, "replaces": "0" * 64, "total": 13, "value": 13}, "return.replaces"),
    ],
)
def test_another_document_of_the_same_edition_or_of_an_unknown_one_is_refused(
    province, fields, field
):
    take(signed(province[1]).as_file())
    with pytest.raises(ConflictError) as caught:
        take(signed(province[1], **fields).as_file(), name="late.json")
    assert str(caught.value.location) == f"late.json: {field}"
    assert Return.objects.count() == 1


def test_an_earlier_edition_does_not_replace_a_later_one(province):
    first = signed(province[1])
    take(signed(province[1], edition=3, replaces="a" * 64, total=9, value=9).as_file())
    with pytest.raises(ConflictError, match="stands already"):
        take(first.as_file())


def test_an_unknown_a_revoked_and_a_strange_key_are_refused(province):
    with pytest.raises(documents.UnknownKeyError, match="does not know"):
        take(signed(new_key()).as_file())
    make_province("230000000", "Atyrau Region")
    with pytest.raises(documents.UnknownKeyError, match="another province"):
        take(signed(province[1], "230000000").as_file())
    keys.revoke_key(actor=SYSTEM, key=ProvinceKey.objects.get(), now=NOW)
    with pytest.raises(documents.UnknownKeyError, match="any more"):
        take(signed(province[1]).as_file())
    assert not Return.objects.exists()


def test_one_changed_number_breaks_the_signature(province):
    data = json.loads(signed(province[1]).as_file())
    count = data["return"]["counts"][0]
    count["total"] = count["areas"][0]["value"] = 13
    with pytest.raises(documents.BrokenSignatureError) as caught:
        take(json.dumps(data).encode())
    assert caught.value.location.field == "signature"


def test_a_provinces_desk_takes_no_returns_in(province, settings):
    settings.QALQAN_NATIONAL = False
    with pytest.raises(SettingsError):
        monthly.import_returns(
            actor=SYSTEM, files=[("r.json", signed(province[1]).as_file())], now=LATER
        )
    assert not Return.objects.exists()


def test_one_bad_file_of_many_stores_nothing(province):
    good = signed(province[1]).as_file()
    with pytest.raises(documents.UnknownKeyError) as caught:
        monthly.import_returns(
            actor=SYSTEM, files=[("a.json", good), ("b.json", signed(new_key()).as_file())],
            now=LATER,
        )  # fmt: skip
    assert caught.value.location.file == "b.json"
    assert not Return.objects.exists()


def test_a_return_before_its_month_is_over_or_from_the_future_is_refused(province):
    for issued in (ISSUED - timedelta(days=9), LATER + timedelta(days=1)):
        with pytest.raises(InputError, match="issued after"):
            take(signed(province[1], issued_at=issued).as_file())


def _set(*path, value):
    def change(data):
        at = data
        for step in path[:-1]:
            at = at[step]
        if value is ...:
            del at[path[-1]]
        else:
            at[path[-1]] = value

    return change


COUNT = ("return", "counts", 0)
BAD = [
    (_set("return", value=...), "return"),
    (_set("extra", value=1), "extra"),
    (_set("signature", "algorithm", value="none"), "signature.algorithm"),
    (_set("signature", "value", value="%%%"), "signature.value"),
    (_set("signature", "value", value="AAAA"), "signature.value"),
    (_set("return", "format", value="other"), "return.format"),
    (_set("return", "version", value=2), "return.format"),
    (_set("return", "version", value=True), "return.version"),
    (_set("return", "month", value="2026-13"), "return.month"),
    (_set("return", "month", value="2026-01-05"), "return.month"),
    (_set("return", "edition", value=0), "return.edition"),
    (_set("return", "edition", value=2), "return.replaces"),
    (_set("return", "issued_at", value="yesterday"), "return.issued_at"),
    (_set("return", "issued_at", value="2026-02-03T09:00:00"), "return.issued_at"),
    (_set("return", "threshold", value=1), "return.threshold"),
    (_set("return", "province", value="Aktobe"), "return.province"),
    (_set("return", "province", "code", value=15), "return.province.code"),
    (_set("return", "counts", value={}), "return.counts"),
    (_set(*COUNT, "code", value=""), "return.counts[0].code"),
    (_set(*COUNT, "labels", value={"kk": "a"}), "return.counts[0].labels.ru"),
    (_set(*COUNT, "total", value=-1), "return.counts[0].total"),
    (_set(*COUNT, "total", value=11), "return.counts[0].total"),
    (_set(*COUNT, "areas", 0, "value", value=True), "return.counts[0].areas[0].value"),
    (_set(*COUNT, "areas", 0, "name", value=...), "return.counts[0].areas[0].name"),
    (_set(*COUNT, "areas", 0, "author", value="x"), "return.counts[0].areas[0].author"),
    (_set(*COUNT, "areas", 1, "code", value="1"), "return.counts[0].areas"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_a_field_that_is_wrong_is_named(change, field):
    data = json.loads(signed(new_key()).as_file())
    change(data)
    with pytest.raises(documents.ReturnFileError) as caught:
        documents.read(json.dumps(data).encode(), file="r.json")
    assert (caught.value.location.file, caught.value.location.field) == ("r.json", field)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff\xfe", b'{"a": 1.5}', b'{"a": NaN}', b'{"a":1,"a":2}',
             b"[" * 100_000, b" " * (documents.LARGEST + 1)],
)  # fmt: skip
def test_what_is_no_return_at_all_is_refused(data):
    with pytest.raises(documents.ReturnFileError) as caught:
        documents.read(data, file="r.json")
    assert caught.value.location.file == "r.json"


@pytest.fixture
def counted(monkeypatch, settings, tmp_path):
    """One count whose numbers the test sets, and a key in a folder of the test."""
    settings.HOME = tmp_path
    numbers = {}
    monkeypatch.setattr(returns, "_counted", {})
    returns.register("tests.count", "Things", lambda actor, start, end: numbers)
    return numbers


def test_a_province_makes_a_return_that_the_nation_believes(counted):
    areas = make_areas()
    counted |= {areas["alga"].pk: 12, areas["temir"].pk: 30}
    made = monthly.make_return(
        actor=make_user(Role.SECRETARY), province=areas["province"], month=date(2026, 1, 1), now=NOW
    )
    file = monthly.export_return(actor=SYSTEM, row=made, now=NOW)
    keys.trust_key(actor=SYSTEM, province=areas["province"], pem=keys.own_public_pem().encode(),
                   now=NOW)  # fmt: skip
    taken = take(file, now=NOW + timedelta(hours=1))
    assert taken.outcome == "stored"
    values = dict(taken.row.counts.values_list("area_code", "value"))
    assert values == {"": 42, "153200000": 12, "155600000": 30}
    with pytest.raises(ConflictError, match="Nothing has changed"):
        monthly.make_return(actor=SYSTEM, province=areas["province"], month=MONTH, now=NOW)
    counted[areas["alga"].pk] = 18
    second = monthly.make_return(actor=SYSTEM, province=areas["province"], month=MONTH, now=NOW)
    assert (second.edition, json.loads(second.document)["replaces"]) == (2, made.digest)


def test_a_small_count_is_withheld_and_cannot_be_computed(counted):
    areas = make_areas()
    counted |= {areas["alga"].pk: 2, areas["temir"].pk: 40}
    monthly.make_return(actor=SYSTEM, province=areas["province"], month=MONTH, now=NOW)
    values = dict(ReturnCount.objects.values_list("area_code", "value"))
    assert values["153200000"] is None
    # With the total and one district the other would be told.
    assert [values[""], values["155600000"]].count(None) >= 1


def test_a_month_that_is_not_over_and_a_role_that_may_not(counted):
    areas = make_areas()
    with pytest.raises(InputError) as caught:
        monthly.make_return(actor=SYSTEM, province=areas["province"], month=date(2026, 3, 1),
                            now=NOW)  # fmt: skip
    assert caught.value.location.field == "month"
    for role in (Role.GROUP_WORKER, Role.PRESS_OFFICER, Role.AUDITOR):
        with pytest.raises(RefusedError):
            monthly.make_return(actor=make_user(role), province=areas["province"], month=MONTH,
                                now=NOW)  # fmt: skip


def test_only_the_administrator_says_which_key_is_believed():
    province = make_province("150000000", "Aktobe Region")
    with pytest.raises(RefusedError):
        keys.trust_key(actor=make_user(Role.SECRETARY), province=province, pem=pem_of(new_key()),
                       now=NOW)  # fmt: skip
    with pytest.raises(documents.ReturnFileError):
        keys.trust_key(actor=SYSTEM, province=province, pem=b"no key", now=NOW)


@pytest.mark.parametrize("year", [1, 1999, 9999])
def test_a_month_of_no_desk_is_refused_at_its_field(counted, year):
    with pytest.raises(InputError) as caught:
        monthly.make_return(actor=SYSTEM, province=counted, month=date(year, 12, 1), now=NOW)
    assert caught.value.location.field == "month"
