"""Files go in whole or not at all, once, and without their authors."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from qalqan.desk.intake.models import ImportRun
from qalqan.desk.intake.services import import_messages
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.rumours.models import Claim, ClaimHour, ClaimLanguage, Message, Tally
from qalqan.errors import InputError

pytestmark = pytest.mark.django_db
CLI = SystemActor("cli")
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RUMOUR = "Ертең Ақтөбеде таңнан бастап су болмайды дейді, сақтанып су құйып алыңыздар"


def write(folder: Path, text: str, name: str = "posts.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def take(path: Path, **options):
    return import_messages(actor=CLI, path=path, now=NOW, **options)


def table(*rows: str, header: str = "time,text,channel") -> str:
    return "\n".join([header, *rows]) + "\n"


def test_a_table_is_stored_with_claims_and_counts(tmp_path):
    path = write(
        tmp_path,
        table(
            f'2026-03-01T10:00:00+05:00,"{RUMOUR}",Арна',
            f'2026-03-01T11:30:00+05:00,"{RUMOUR.upper()}!",Арна',
            "2026-03-01T12:00:00+05:00,Сегодня солнечно и тепло,Канал",
        ),
    )
    report = take(path)
    assert (report.read, report.stored, report.known, report.rejected) == (3, 3, 0, 0)
    claim = Claim.objects.get()
    assert claim.leader_text == RUMOUR
    assert claim.copies == 2
    assert claim.first_seen == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert claim.last_seen == datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    hours = dict(ClaimHour.objects.values_list("hour", "copies"))
    first = int(datetime(2026, 3, 1, 5, tzinfo=UTC).timestamp()) // 3600
    assert hours == {first: 1, first + 1: 1}
    assert ClaimLanguage.objects.get().copies == 2
    assert Tally.objects.get().messages == 3
    assert ImportRun.objects.get().state == "done"


def test_the_same_file_twice_adds_nothing(tmp_path):
    path = write(tmp_path, table(f'2026-03-01T10:00,"{RUMOUR}",Арна', "2026-03-01,другое,Канал"))
    take(path)
    again = take(path)
    assert (again.read, again.stored, again.known) == (2, 0, 2)
    assert Message.objects.count() == 2
    assert ImportRun.objects.count() == 2


def test_the_same_message_in_two_shapes_is_one(tmp_path):
    line = {"message_id": 7, "date": "2026-03-01T05:00:00Z", "text": RUMOUR, "channel": "Арна"}
    take(write(tmp_path, json.dumps(line), "a.jsonl"))
    report = take(
        write(
            tmp_path,
            table(f"7;01.03.2026 10:00;{RUMOUR};Арна", header="post_id;дата;текст;канал"),
        )
    )
    assert (report.stored, report.known) == (0, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_encodings_are_recognised(tmp_path, encoding):
    text = "Завтра закроют все школы города"
    take(write(tmp_path, table(f"2026-03-01,{text},Канал"), encoding=encoding))
    assert Message.objects.get().text == text


@pytest.mark.parametrize(
    "header",
    [
        "Уақыты;Мәтін;Арна;Автор",
        "дата;текст;канал;автор",
        "Date;Message;Source;User",
        "time\ttext\tchannel\tauthor",
    ],
)
def test_columns_are_known_by_their_names_in_three_languages(tmp_path, header):
    mark = "\t" if "\t" in header else ";"
    row = mark.join(["2026-03-01 10:00", "Су жоқ", "Арна", "marker-author"])
    take(write(tmp_path, f"{header}\n{row}\n"))
    message = Message.objects.select_related("source").get()
    assert (message.text, message.source.name) == ("Су жоқ", "Арна")
    assert message.published_at == datetime(2026, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "line", "field"),
    [
        ("yesterday,no water,a", 3, "time"),
        ("2026-03-01,,a", 3, "text"),
        ("2026-03-01,no water", 3, None),
        ('2026-03-01,"no water,a', 3, None),
        ("2026-03-01,no water,a,b", 3, None),
        ("9999-03-01,no water,a", 3, "time"),
        ("2026-03-01," + "x" * 20_001 + ",a", 3, "text"),
        ("2026-03-01,no water," + "x" * 201, 3, "channel"),
    ],
)
def test_a_bad_row_names_its_line_and_field_and_stores_nothing(tmp_path, row, line, field):
    path = write(tmp_path, table("2026-03-01,good,a", row))
    with pytest.raises(InputError) as caught:
        take(path)
    where = caught.value.location
    assert (where.file, where.line, where.field) == ("posts.csv", line, field)
    assert Message.objects.count() == 0
    assert ImportRun.objects.get().state == "refused"


def test_good_rows_are_kept_where_asked_and_the_bad_ones_written(tmp_path):
    path = write(
        tmp_path,
        table("2026-03-01,good one,a,marker-author", "never,bad one,a,marker-author",
              "2026-03-01,good two,a,marker-author", header="time,text,channel,author"),
    )  # fmt: skip
    rejects = tmp_path / "rejects.csv"
    report = take(path, keep_good=True, rejects=rejects)
    assert (report.read, report.stored, report.rejected) == (3, 2, 1)
    written = rejects.read_text()
    assert "bad one" in written
    assert written.splitlines()[1].startswith("3,time,")
    assert "marker-author" not in written


def test_a_header_without_time_says_which_names_are_known(tmp_path):
    with pytest.raises(InputError, match="published_at"):
        take(write(tmp_path, "when,text\n1,2\n"))


def test_broken_utf8_names_the_row(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_bytes("time,text\n2026-03-01,су жоқ\n2026-03-01,".encode() + b"\xd1\n")
    with pytest.raises(InputError) as caught:
        take(path)
    assert (caught.value.location.line, caught.value.location.field) == (3, "text")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"time,text\n"])
def test_a_file_without_messages_is_refused(tmp_path, content):
    path = tmp_path / "posts.csv"
    path.write_bytes(content)
    with pytest.raises(InputError):
        take(path)
    assert Message.objects.count() == 0


def test_authors_never_reach_the_database(tmp_path):
    marker = "Zxqauthorzxq"
    export = {
        "name": "Қала жаңалықтары", "type": "public_channel", "id": 5,
        "messages": [
            {"id": 1, "type": "message", "date": "2026-03-01T10:00:00", "from": marker,
             "from_id": f"user{marker}", "author": marker, "forwarded_from": marker,
             "text": ["Су ", {"type": "bold", "text": "жоқ"},
                      {"type": "mention_name", "text": marker, "user_id": 1}]},
            {"id": 2, "type": "service", "actor": marker, "action": "pin_message", "text": ""},
        ],
    }  # fmt: skip
    line = {"time": "2026-03-01", "text": "a text", "author": marker, "username": marker,
            "user": {"name": marker}}  # fmt: skip
    feed = (
        f"<rss><channel><title>Жаңалық</title><item><title>Су</title><author>{marker}</author>"
        f"<pubDate>Sun, 01 Mar 2026 10:00:00 +0500</pubDate></item></channel></rss>"
    )
    take(write(tmp_path, json.dumps(export), "result.json"))
    take(write(tmp_path, json.dumps(line), "a.jsonl"))
    take(write(tmp_path, feed, "a.rss"))
    take(write(tmp_path, table(f"2026-03-01,b text,{marker}", header="time,text,author")))
    assert sorted(Message.objects.values_list("text", flat=True)) == [
        "a text", "b text", "Су", "Су жоқ[person]"
    ]  # fmt: skip
    assert marker.lower().encode() not in everything_stored().lower()


def everything_stored() -> bytes:
    """Return the bytes of the whole database."""
    if connection.vendor == "sqlite":
        return connection.connection.serialize()
    with connection.cursor() as cursor:
        parts = []
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            parts += [repr(row).encode() for row in cursor.fetchall()]
    return b"".join(parts)


def test_a_private_talk_is_refused(tmp_path):
    export = {"name": "A", "type": "personal_chat", "messages": []}
    with pytest.raises(InputError, match="private talk"):
        take(write(tmp_path, json.dumps(export), "result.json"))


def test_a_cut_export_says_where(tmp_path):
    text = '{"name": "A", "type": "public_channel", "messages": [{"id": 1, "type": "message", '
    text += '"date": "2026-03-01", "text": "x"}, {"id": 2,'
    with pytest.raises(InputError) as caught:
        take(write(tmp_path, text, "result.json"))
    assert caught.value.location.field == "messages[1]"
    assert Message.objects.count() == 0


def test_feeds_of_both_kinds_are_read(tmp_path):
    atom = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>
    <entry><id>1</id><title>Тақырып</title><summary type="html">&lt;p&gt;Мәтін&lt;/p&gt;</summary>
    <updated>2026-03-01T05:00:00Z</updated></entry></feed>"""
    take(write(tmp_path, atom, "a.atom"), kind="news")
    message = Message.objects.select_related("source").get()
    assert (message.text, message.kind, message.source.name) == ("Тақырып\nМәтін", "news", "A")


def test_a_feed_with_a_doctype_is_refused(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    bomb += "<rss><channel><item><title>&a;</title></item></channel></rss>"
    with pytest.raises(InputError):
        take(write(tmp_path, bomb, "a.rss"))


def test_the_real_posts_go_in(tmp_path, shared_data):
    report = take(shared_data / "rumours" / "mediaeval2016" / "me2016_dev.tsv")
    assert report.stored + report.known == report.read
    assert report.read > 14_000
    assert Claim.objects.count() > 100
