"""Answers: written in three languages, checked for plain words, approved by a second person."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.support.answer_factories import (
    RUMOUR,
    WORDING,
    later,
    make_claim,
    make_evidence,
    make_published,
    make_taken,
    make_verdict,
)
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import PUBLIC, SystemActor
from qalqan.desk.rumours import selectors, services
from qalqan.desk.rumours.models import Answer, AnswerVersion, Claim, Publication
from qalqan.desk.rumours.services import Wording
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


def write(writer, claim, wording=WORDING, **fields):
    return services.write_answer(actor=writer, claim=claim, wording=wording, now=NOW, **fields)


def with_note(text="Күні түзетілді"):
    return {code: Wording(w.headline, w.text, text) for code, w in WORDING.items()}


def test_writing_and_publishing_by_two_persons():
    writer, second = make_user("press_officer"), make_user("secretary")
    claim = make_verdict(make_user(), value="misleading")
    version = write(writer, claim)
    assert (version.number, version.answer.state, version.verdict) == (1, "waiting", "misleading")
    assert list(selectors.published()) == []
    publication = services.publish_answer(
        actor=second, answer=version.answer, number=1, now=later(hours=1)
    )
    answer = Answer.objects.get()
    assert (answer.state, answer.published_at) == ("published", later(hours=1))
    assert (publication.kind, publication.version, publication.by) == ("first", version, second)
    assert Claim.objects.get().state == "answered"
    acts = AuditEntry.objects.order_by("sequence").values_list("action", flat=True)
    assert list(acts)[-2:] == ["rumours.write_answer", "rumours.publish_first"]


def test_the_writer_never_approves():
    writer = make_user("press_officer")
    version = write(writer, make_verdict(writer))
    with pytest.raises(RefusedError):
        services.publish_answer(actor=writer, answer=version.answer, number=1, now=NOW)
    assert not Publication.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerVersion.objects.update(approved_by=writer, approved_at=NOW)


def test_the_database_wants_a_second_person():
    version = write(make_user("press_officer"), make_verdict(make_user()))
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerVersion.objects.filter(pk=version.pk).update(approved_at=NOW)


def test_the_desk_itself_approves_nothing():
    version = write(make_user("press_officer"), make_verdict(make_user()))
    with pytest.raises(RefusedError):
        services.publish_answer(
            actor=SystemActor("worker"), answer=version.answer, number=1, now=NOW
        )


@pytest.mark.parametrize("role", ["analyst", "auditor", "administrator", "inspector"])
def test_others_neither_write_nor_approve(role):
    version = write(make_user("press_officer"), make_verdict(make_user()))
    other = make_user(role)
    with pytest.raises(RefusedError):
        write(other, version.answer.claim)
    with pytest.raises(RefusedError):
        services.publish_answer(actor=other, answer=version.answer, number=1, now=NOW)


def test_an_answer_needs_a_verdict():
    with pytest.raises(ConflictError):
        write(make_user("press_officer"), make_taken(make_user()))


@pytest.mark.parametrize(
    ("code", "said", "field"),
    [
        ("kk", Wording("", "Су таза."), "headline_kk"),
        ("en", Wording("Safe", " "), "text_en"),
        ("ru", Wording("а" * 161, "Текст."), "headline_ru"),
        ("ru", Wording("Вода чистая", "Звоните 8 701 555 12 34."), "text_ru"),
    ],
)
def test_wordings_that_cannot_stand(code, said, field):
    claim = make_verdict(make_user())
    with pytest.raises(InputError) as error:
        write(make_user("press_officer"), claim, WORDING | {code: said})
    assert error.value.location.field == field
    assert not Answer.objects.exists()


def test_warnings_are_overridden_with_a_reason_only():
    writer, claim = make_user("press_officer"), make_verdict(make_user())
    bad = WORDING | {"kk": Wording("Ақтөбеде ауыз су уланған деген өтірік", "Су таза.")}
    with pytest.raises(InputError) as error:
        write(writer, claim, bad)
    assert error.value.location.field == "override_reason"
    version = write(writer, claim, bad, override_reason="The words people search for")
    assert [w["concern"] for w in version.warnings] == ["repeats_rumour"]
    assert version.override_reason == "The words people search for"
    clean = write(writer, claim, override_reason="Nothing to override")
    assert (clean.warnings, clean.override_reason) == ([], "")


def test_versions_are_kept_and_the_newest_is_approved():
    writer, second = make_user("press_officer"), make_user()
    claim = make_verdict(make_user())
    first = write(writer, claim)
    services.send_back_answer(
        actor=second, answer=first.answer, number=1, reason="Name the laboratory", now=NOW
    )
    assert Answer.objects.get().state == "draft"
    with pytest.raises(ConflictError):
        services.publish_answer(actor=second, answer=first.answer, number=1, now=NOW)
    better = WORDING | {"en": Wording("Tap water is safe", "The city laboratory tested it.")}
    assert write(writer, claim, better).number == 2
    with pytest.raises(ConflictError):
        services.publish_answer(actor=second, answer=first.answer, number=1, now=NOW)
    services.publish_answer(actor=second, answer=first.answer, number=2, now=NOW)
    shown = selectors.answer_of(first.answer_id, "en")
    assert shown.text == "The city laboratory tested it."
    assert AnswerVersion.objects.get(number=1).text_en == WORDING["en"].text


def test_a_correction_says_what_it_corrects_and_the_old_one_stands_until_then():
    answer = make_published()
    writer, second = make_user("press_officer"), make_user()
    with pytest.raises(InputError) as error:
        write(writer, answer.claim)
    assert error.value.location.field == "note_kk"
    said = with_note() | {"ru": Wording("Вода чистая", "Пробы взяли 3 марта.", "Дата: 3 марта")}
    version = write(writer, answer.claim, said)
    assert selectors.answer_of(answer.pk, "ru").text == WORDING["ru"].text
    services.publish_answer(actor=second, answer=answer, number=version.number, now=later(hours=2))
    shown = selectors.answer_of(answer.pk, "ru")
    assert (shown.text, shown.note) == ("Пробы взяли 3 марта.", "Дата: 3 марта")
    assert (shown.published_at, shown.changed_at) == (NOW, later(hours=2))
    assert [p.kind for p in selectors.publications_of(answer.pk)] == ["correction", "first"]


def test_a_new_verdict_comes_with_the_correction():
    checker = make_user()
    answer = make_published()
    services.recheck_claim(actor=checker, claim=answer.claim, reason="New samples", now=NOW)
    item = make_evidence(checker, answer.claim, speaks="for")
    services.give_verdict(
        actor=checker, claim=answer.claim, value="true", reason="r", evidence=[item], now=NOW
    )
    assert selectors.answer_of(answer.pk, "en").verdict == "false"
    version = write(make_user("press_officer"), answer.claim, with_note())
    services.publish_answer(actor=checker, answer=answer, number=version.number, now=later(hours=1))
    shown = selectors.answer_of(answer.pk, "en")
    assert (shown.verdict, shown.wording) == ("true", "Confirmed: this is true")
    assert Claim.objects.get().state == "answered"


def test_a_withdrawn_answer_stays_visible_and_the_claim_is_checked_again():
    answer = make_published()
    with pytest.raises(RefusedError):
        services.withdraw_answer(actor=make_user("analyst"), answer=answer, why="wrong", now=NOW)
    services.withdraw_answer(
        actor=make_user("press_officer"), answer=answer, why="wrong", now=later(hours=1)
    )
    shown = selectors.answer_of(answer.pk, "ru")
    assert (shown.withdrawn_at, shown.headline) == (later(hours=1), WORDING["ru"].headline)
    assert shown.withdrawal
    assert Claim.objects.get().state == "checking"
    assert selectors.latest_answers(PUBLIC, [answer.claim_id]) == {}
    with pytest.raises(ConflictError):
        services.withdraw_answer(actor=make_user(), answer=answer, why="wrong", now=NOW)


def test_after_a_withdrawal_a_new_answer_is_written():
    answer, checker = make_published(), make_user()
    services.withdraw_answer(actor=checker, answer=answer, why="facts_changed", now=NOW)
    item = make_evidence(checker, answer.claim)
    services.give_verdict(
        actor=checker, claim=answer.claim, value="misleading", reason="r", evidence=[item], now=NOW
    )
    version = write(make_user("press_officer"), answer.claim)
    assert version.answer_id != answer.pk
    services.publish_answer(actor=checker, answer=version.answer, number=1, now=later(hours=1))
    assert [a.pk for a in selectors.published()] == [version.answer_id, answer.pk]


def test_a_returned_claim_is_answered_from_stock_by_one_person():
    answer = make_published()
    with pytest.raises(ConflictError):
        services.answer_again(actor=make_user(), claim=answer.claim, now=NOW)
    Claim.objects.update(state="returned")
    publication = services.answer_again(actor=make_user(), claim=answer.claim, now=later(days=9))
    assert (publication.kind, Claim.objects.get().state) == ("repeat", "answered")
    assert selectors.answer_of(answer.pk, "kk").changed_at == later(days=9)


def test_nothing_is_said_again_that_was_never_said():
    claim = make_claim()
    Claim.objects.update(state="returned")
    with pytest.raises(ConflictError):
        services.answer_again(actor=make_user(), claim=claim, now=NOW)


def test_the_search_finds_other_endings_and_the_words_of_the_rumour():
    answer = make_published()
    for query in ("сынаманың", "водой из крана", "tap WATER", "уланған", "актобе"):
        assert [a.pk for a in selectors.found(query)] == ([] if query == "водой из крана" else
                                                          [answer.pk])  # fmt: skip
    assert [a.pk for a in selectors.found("воду крана")] == [answer.pk]
    assert not selectors.found("школы").exists()
    assert RUMOUR in selectors.answer_of(answer.pk, "en").claim


def test_an_answer_with_an_older_verdict_is_neither_published_nor_said_again(client):
    checker = make_user()
    claim = make_verdict(checker)
    version = write(make_user("press_officer"), claim)
    item = make_evidence(checker, claim, speaks="for")
    services.give_verdict(
        actor=checker, claim=claim, value="true", reason="r", evidence=[item], now=later(hours=1)
    )
    with pytest.raises(ConflictError):
        services.publish_answer(actor=checker, answer=version.answer, number=1, now=later(hours=2))
    assert list(selectors.published()) == []
    page = sign_in(client, checker).get(reverse("rumours:review", args=[version.answer_id]))
    assert (page.context["may_publish"], page.context["is_stale"]) == (False, True)
    assert page.context["verdict"].value == "false"


def test_a_returned_claim_with_a_new_verdict_is_not_answered_from_stock():
    checker, answer = make_user(), make_published()
    claim = answer.claim
    services.recheck_claim(actor=checker, claim=claim, reason="Samples", now=later(hours=1))
    item = make_evidence(checker, claim, now=later(hours=1), speaks="for")
    services.give_verdict(
        actor=checker, claim=claim, value="true", reason="r", evidence=[item], now=later(hours=1)
    )
    services.leave_unverifiable(actor=checker, claim=claim, reason="r", now=later(hours=2))
    services.close_claim(actor=checker, claim=claim, reason="r", now=later(hours=3))
    Claim.objects.update(state="returned")
    with pytest.raises(ConflictError):
        services.answer_again(actor=checker, claim=claim, now=later(days=9))


def test_saying_that_a_true_rumour_is_true_warns_of_nothing():
    claim = make_verdict(make_user(), value="true")
    said = WORDING | {"kk": Wording("Ақтөбеде ауыз су уланған", "Ақтөбеде ауыз су уланған.")}
    assert write(make_user("press_officer"), claim, said).warnings == []


def test_signs_that_break_feeds_mails_or_the_order_of_reading_are_left_out():
    said = WORDING | {
        "en": Wording("Tap water\r\nBcc: x\v is \u202esafe", "One.\x0bTwo.\x00\x1b\r\nThree.")
    }
    version = write(make_user("press_officer"), make_verdict(make_user()), said)
    assert version.headline_en == "Tap water Bcc: x is safe"
    assert version.text_en == "One.\nTwo.\nThree."


def test_who_withdraws_has_the_claim_in_hand():
    answer, second = make_published(), make_user()
    services.withdraw_answer(actor=second, answer=answer, why="wrong", now=later(hours=1))
    assert Claim.objects.get().owner == second
