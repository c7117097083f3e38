"""Every act of the room of outreach."""

from qalqan.desk.outreach.services.calendars import calendar

__all__ = ["calendar"]
