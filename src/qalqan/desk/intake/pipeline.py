"""From records to messages that may be stored: screened, named by language and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import process_time
from typing import TYPE_CHECKING

from qalqan.desk.intake.readers import Record
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor, SystemActor
from qalqan.desk.platform.privacy.guard import screen_many
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.rumours.batch import NewMessage, content_identity

if TYPE_CHECKING:
    from qalqan.desk.platform.places.finder import PlaceFinder

SOURCE_KINDS = {"post": "channel", "hotline": "hotline", "news": "press"}
"""The kind of source that a kind of message comes from."""

_DESK = SystemActor("intake")


def clean_texts(texts: Sequence[str]) -> list[str]:
    """Replace what no database keeps: zero characters and halves of surrogate pairs.

    >>> clean_texts(["a\\x00b", "ok"])
    ['a\\ufffdb', 'ok']
    """
    joined = "".join(texts)
    if "\x00" not in joined:
        try:
            joined.encode()
        except UnicodeEncodeError:
            pass
        else:
            return list(texts)
    return [
        "".join("\ufffd" if c == "\x00" or 0xD800 <= ord(c) <= 0xDFFF else c for c in text)
        for text in texts
    ]


@dataclass(slots=True)
class Pipeline:
    """Turns records into messages, batch by batch.

    Parameters
    ----------
    actor
        Who brings the records; new sources are recorded in their name.
    now
        The time of the act.
    channel
        Where a record names no channel.
    kind
        Where a record names no kind.
    is_sample
        Whether all of it is made up.
    source_id
        Whose messages all of them are, whatever the records call their channel; its grade
        stays its own. Where it is missing, sources are found or made by name.
    seconds
        CPU seconds spent on each step so far.
    """

    actor: Actor
    now: datetime
    channel: str
    kind: str = "post"
    is_sample: bool = False
    source_id: int | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    _sources: dict[tuple[str, str], int] = field(default_factory=dict)
    _places: dict[str, int | None] = field(default_factory=dict)
    _finder: PlaceFinder | None = None

    def process(self, records: Sequence[Record]) -> list[NewMessage]:
        """Screen records, tell their language and place, and say which message each is."""
        from qalqan.science.text.language import detect_many

        began = process_time()
        texts = [s.text for s in screen_many(clean_texts([r.text for r in records]))]
        began = self._spent("screen", began)
        languages = detect_many(texts)
        began = self._spent("language", began)
        place_ids = self._locate(records, texts)
        began = self._spent("places", began)
        messages = [
            self._message(record, text, language, place)
            for record, text, language, place in zip(
                records, texts, languages, place_ids, strict=True
            )
        ]
        self._spent("identity", began)
        return messages

    def _spent(self, step: str, began: float) -> float:
        now = process_time()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - began
        return now

    def _message(
        self, record: Record, text: str, language: str, place_id: int | None
    ) -> NewMessage:
        kind = record.kind or self.kind
        channel = record.channel or self.channel
        return NewMessage(
            content_identity(channel, record.native_id, record.published_at, text),
            kind,
            self._source(channel, kind),
            text,
            language,
            record.published_at,
            place_id,
            self.is_sample,
        )

    def _source(self, channel: str, kind: str) -> int:
        if self.source_id is not None:
            return self.source_id
        key = (channel, kind)
        if key not in self._sources:
            source = get_or_create_source(
                actor=self.actor,
                name=channel,
                kind=SOURCE_KINDS[kind],
                now=self.now,
                is_sample=self.is_sample,
            )
            self._sources[key] = source.pk
        return self._sources[key]

    def _locate(self, records: Sequence[Record], texts: Sequence[str]) -> list[int | None]:
        """Return the place that each record gives, or else the first that its text names."""
        if self._finder is None:
            self._finder = places.finder()
        found = [place or None for place in self._finder.find_first_many(texts).tolist()]
        for at, record in enumerate(records):
            if record.place and (given := self._named(record.place)):
                found[at] = given
        return found

    def _named(self, name: str) -> int | None:
        """Return the place of a name or KATO code that a file gives in a column of its own."""
        name = name.strip()
        if name not in self._places:
            by_code = places.places(_DESK).filter(kato=name).values_list("pk", flat=True).first()
            matches = self._finder.find(name) if self._finder and not by_code else []
            self._places[name] = by_code or (matches[0].place_id if matches else None)
        return self._places[name]
