"""The plain-words check: what it warns of in each language, and what it lets pass."""

import pytest

from qalqan.science.text.plain_words import LONGEST_SENTENCE, Concern, check_plain_words


def concerns(headline, text, language, rumours=()):
    found = check_plain_words(headline, text, language, rumours=rumours)
    return [(c.concern, c.part, c.surface) for c in found]


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("kk", "Біз жаумен күресеміз.", "жаумен"),
        ("kk", "Бұл ақпараттық соғыс.", "соғыс"),
        ("kk", "Соғысқа дайынбыз.", "Соғысқа"),
        ("ru", "Идёт информационная война.", "война"),
        ("ru", "Мы разгромим врагов.", "разгромим"),
        ("ru", "Дадим отпор слухам.", "отпор"),
        ("en", "We fight fakes.", "fight"),
        ("en", "The enemy spreads lies.", "enemy"),
    ],
)
def test_words_of_war_are_found_where_they_stand(language, text, word):
    found = check_plain_words("", text, language)
    war = [c for c in found if c.concern is Concern.WAR]
    assert word in [c.surface for c in war]
    assert all(text[c.start : c.end] == c.surface for c in war)


@pytest.mark.parametrize(
    ("language", "headline", "text"),
    [
        ("kk", "Қаладағы су таза", "Сынама 2 наурызда алынды. Жауап ертең шығады. Жаңбыр жауды."),
        ("kk", "Мектептер ашық", "Мұсылмандар мен христиандар мерекеге бірге дайындалып жүр."),
        ("ru", "Вода в городе чистая", "Пробы взяли 2 марта. Воинская часть тут ни при чём."),
        ("ru", "Праздник пройдёт в парке", "Мусульмане и христиане готовят его вместе."),
        ("en", "The water is clean", "Samples were taken on 2 March. Schools are open."),
        ("en", "The warm season begins", "Warning signs stand at the river. The award is given."),
    ],
)
def test_plain_answers_pass(language, headline, text):
    assert concerns(headline, text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "group"),
    [
        ("kk", "Бұған мигранттар кінәлі.", "мигранттар"),
        ("kk", "Өртті сектанттар ұйымдастырды.", "сектанттар"),
        ("ru", "В пожаре виноваты мигранты.", "мигранты"),
        ("ru", "За этим стоят мусульмане.", "мусульмане"),
        ("en", "Migrants are to blame.", "Migrants"),
        ("en", "Muslims are behind this.", "Muslims"),
    ],
)
def test_blame_on_a_group_is_found(language, text, group):
    assert (Concern.BLAME, "text", group) in concerns("", text, language)


def test_a_group_and_blame_in_different_sentences_are_no_blame():
    assert concerns("", "Мусульмане отмечают праздник. Виноват старый кабель.", "ru") == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_sentence_may_have_so_many_words_and_no_more(language):
    most = LONGEST_SENTENCE[language]
    assert concerns("", "аб " * most + ".", language) == []
    found = concerns("", "Дв. " + "аб " * (most + 1) + ". Дв.", language)
    assert [c for c, *_rest in found] == [Concern.LONG_SENTENCE]


def test_a_number_with_a_point_does_not_end_a_sentence():
    text = "Уровень 3.5 и ещё " + "аб " * (LONGEST_SENTENCE["ru"] - 4)
    assert concerns("", text, "ru") == []
    assert len(concerns("", text + "аб", "ru")) == 1


@pytest.mark.parametrize(
    ("language", "rumour", "bad", "good"),
    [
        (
            "ru", "В Актобе отравлена вода, не пейте!", "Вода в Актобе отравлена? Нет",
            "Анализ 2 марта: воду из крана можно пить",
        ),
        (
            "kk", "Ақтөбеде су уланған, ішпеңіздер!", "Ақтөбеде су уланған деген рас па",
            "Сынама нәтижесі: құбырдағы судың сапасы қалыпты",
        ),
        (
            "en", "The water in Aktobe is poisoned", "No, water in Aktobe is not poisoned",
            "Samples of 2 March: you can drink from the tap",
        ),
    ],
)  # fmt: skip
def test_a_headline_that_repeats_the_rumour_is_found(language, rumour, bad, good):
    assert [c for c, *_r in concerns(bad, "", language, [rumour])] == [Concern.REPEATS_RUMOUR]
    assert concerns(good, "", language, [rumour]) == []


def test_a_text_that_begins_with_the_rumour_puts_the_facts_second():
    rumour = "Школы в Хромтау закроют на месяц"
    late = "Пишут, что школы в Хромтау закроют. Уроки идут."
    assert [c for c, *_r in concerns("", late, "ru", [rumour])] == [Concern.FACTS_FIRST]
    assert concerns("", "Уроки идут по расписанию. Школы закроют летом.", "ru", [rumour]) == []


def test_another_language_is_refused():
    with pytest.raises(KeyError):
        check_plain_words("Titel", "Text", "de")
