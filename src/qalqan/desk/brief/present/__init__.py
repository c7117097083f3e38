"""Put a brief into the words of the active language: the same for page, file and PDF."""

from qalqan.desk.brief.present.page import Page, present
from qalqan.desk.brief.present.parts import Badge, Fact, Lead, Line, Section, Table, Target

__all__ = ["Badge", "Fact", "Lead", "Line", "Page", "Section", "Table", "Target", "present"]
