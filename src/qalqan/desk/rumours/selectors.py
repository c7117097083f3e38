"""Everything that reads messages, claims and answers."""

from collections.abc import Sequence

from qalqan.desk.rumours import storage


def stored_identities(content_ids: Sequence[bytes]) -> set[bytes]:
    """Return those content identities that are stored already."""
    return storage.known_identities(content_ids)
