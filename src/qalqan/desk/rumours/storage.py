"""The statements that store messages in bulk, for both databases.

The ORM's bulk methods cost several times what the database does; here rows go in as they are.
Names of tables and columns come from this module, values are always parameters. Callers hold
the lock of the `Tally` row.
"""

# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from qalqan.desk.rumours.batch import NewMessage
from qalqan.desk.rumours.search import indexed_words

_PART = 900


class Leader(NamedTuple):
    """The message that opened a claim, as far as its claim needs it."""

    number: int
    text: str
    language: str
    published_at: datetime
    place_id: int | None
    kind: str
    is_sample: bool


class ClaimChange(NamedTuple):
    """What new copies do to the row of a claim."""

    copies: int
    tips: int
    first_seen: datetime
    last_seen: datetime
    number: int


def _time_writer() -> Callable[[datetime], Any]:
    """Return what writes a time as the database keeps it; looked up once for many rows."""
    return _sqlite_time if connection.vendor == "sqlite" else lambda value: value


def _sqlite_time(value: datetime) -> str:
    """Write what Django writes, without its look-ups for each of a million rows."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.replace(tzinfo=None).isoformat(" ")


def _parts(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(keys), _PART):
        yield keys[start : start + _PART]


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


def known_identities(content_ids: Sequence[bytes]) -> set[bytes]:
    """Return those identities that are stored already."""
    known: set[bytes] = set()
    with connection.cursor() as cursor:
        for part in _parts(content_ids):
            cursor.execute(
                f"SELECT content_id FROM rumours_message WHERE content_id IN ({_marks(len(part))})",
                part,
            )
            known.update(bytes(row[0]) for row in cursor.fetchall())
    return known


def last_message_id() -> int:
    """Return the highest key among the messages, 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM rumours_message")
        return cursor.fetchone()[0] or 0


def insert_messages(
    messages: Sequence[NewMessage],
    numbers: Sequence[int],
    opens: Sequence[bool],
    *,
    received_at: datetime,
) -> None:
    """Store messages and the words to find them by."""
    first = last_message_id() + 1
    time = _time_writer()
    received = time(received_at)
    rows = [
        (
            key, m.content_id, m.kind, m.source_id, m.text, m.language, time(m.published_at),
            received, m.place_id, number, opening, m.is_sample,
        )
        for key, m, number, opening in zip(
            range(first, first + len(messages)), messages, numbers, opens, strict=True
        )
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO rumours_message (id, content_id, kind, source_id, text, language, "
            "published_at, received_at, place_id, claim_number, opens_claim, is_sample) "
            f"VALUES ({_marks(12)})",
            rows,
        )
    _index("rumours_message_search", range(first, first + len(rows)), [m.text for m in messages])


def _index(table: str, keys: Iterable[int], texts: Sequence[str]) -> None:
    """Write the words of texts into a search table."""
    sql = f"INSERT INTO {table} (rowid, words) VALUES (%s, %s)"
    if connection.vendor != "sqlite":
        sql = (
            f"INSERT INTO {table} (id, words) VALUES (%s, to_tsvector('simple', %s)) "
            "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
        )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(zip(keys, indexed_words(texts), strict=True)))


def existing_claims(numbers: Sequence[int]) -> set[int]:
    """Return those numbers that have a row of their own among the claims."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for part in _parts(numbers):
            cursor.execute(f"SELECT id FROM rumours_claim WHERE id IN ({_marks(len(part))})", part)
            found.update(row[0] for row in cursor.fetchall())
    return found


def counted_for(numbers: Sequence[int]) -> dict[int, int]:
    """Return, for those numbers that have a claim, the claim that their copies count for."""
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        for part in _parts(numbers):
            cursor.execute(
                "SELECT id, COALESCE(merged_into_id, id) FROM rumours_claim "
                f"WHERE id IN ({_marks(len(part))})",
                part,
            )
            found.update(cursor.fetchall())
    return found


def leaders(numbers: Sequence[int]) -> list[Leader]:
    """Return the stored messages that opened the given claims."""
    from qalqan.desk.rumours.models import Message

    found: list[Leader] = []
    for part in _parts(numbers):
        rows = Message.objects.filter(claim_number__in=part, opens_claim=True).values_list(
            "claim_number", "text", "language", "published_at", "place_id", "kind", "is_sample"
        )
        found.extend(Leader(*row) for row in rows)
    return found


def insert_claims(opening: Sequence[Leader]) -> None:
    """Store the rows of claims that have got their second message; counts come after."""
    time = _time_writer()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO rumours_claim (id, leader_text, language, first_seen, last_seen, copies, "
            f"tips, is_sample) VALUES ({_marks(4)}, %s, 0, 0, %s)",
            [
                (o.number, o.text, o.language, time(o.published_at), time(o.published_at),
                 o.is_sample)
                for o in opening
            ],
        )  # fmt: skip
    _index("rumours_claim_search", [o.number for o in opening], [o.text for o in opening])


def change_claims(changes: Sequence[ClaimChange]) -> None:
    """Add copies to claims and widen their time."""
    time = _time_writer()
    low, high = ("MIN", "MAX") if connection.vendor == "sqlite" else ("LEAST", "GREATEST")
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE rumours_claim SET copies = copies + %s, tips = tips + %s, "
            f"first_seen = {low}(first_seen, %s), last_seen = {high}(last_seen, %s) "
            "WHERE id = %s",
            [(c.copies, c.tips, time(c.first_seen), time(c.last_seen), c.number) for c in changes],
        )


def add_counts(
    table: str, keys: tuple[str, str], count: str, rows: Iterable[tuple[Any, Any, int]]
) -> None:
    """Add to the counts of a roll-up, making the rows that are not there."""
    sql = (
        f"INSERT INTO {table} ({keys[0]}, {keys[1]}, {count}) VALUES (%s, %s, %s) "
        f"ON CONFLICT ({keys[0]}, {keys[1]}) DO UPDATE "
        f"SET {count} = {table}.{count} + excluded.{count}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


_ROLL_UPS = (
    ("rumours_claimhour", "hour"),
    ("rumours_claimplace", "place_id"),
    ("rumours_claimlanguage", "language"),
)


def move_counts(source: int, target: int) -> None:
    """Add the counts of one claim to another and take them from the first, but for its own row."""
    low, high = ("MIN", "MAX") if connection.vendor == "sqlite" else ("LEAST", "GREATEST")
    with connection.cursor() as cursor:
        cursor.execute("SELECT copies, tips, first_seen, last_seen FROM rumours_claim "
                       "WHERE id = %s", [source])  # fmt: skip
        copies, tips, first, last = cursor.fetchone()
        cursor.execute(
            "UPDATE rumours_claim SET copies = copies + %s, tips = tips + %s, "
            f"first_seen = {low}(first_seen, %s), last_seen = {high}(last_seen, %s) "
            "WHERE id = %s",
            [copies, tips, first, last, target],
        )
        for table, key in _ROLL_UPS:
            cursor.execute(f"SELECT {key}, copies FROM {table} WHERE claim_id = %s", [source])
            rows = [(target, value, count) for value, count in cursor.fetchall()]
            add_counts(table, ("claim_id", key), "copies", rows)
            cursor.execute(f"DELETE FROM {table} WHERE claim_id = %s", [source])


def forget_counts(claim: int, first_seen: datetime) -> None:
    """Set the counts of a claim to nothing, to be counted anew from its first copy on."""
    when = _time_writer()(first_seen)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rumours_claim SET copies = 0, tips = 0, first_seen = %s, last_seen = %s "
            "WHERE id = %s",
            [when, when, claim],
        )
        for table, _key in _ROLL_UPS:
            cursor.execute(f"DELETE FROM {table} WHERE claim_id = %s", [claim])
