"""What the brief reads: editions, what of them a reader may see, looks and votes."""

from qalqan.desk.brief.selectors.editions import edition_for, editions, latest_edition, previous

__all__ = ["edition_for", "editions", "latest_edition", "previous"]
