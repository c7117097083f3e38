"""What the room of support keeps."""

from qalqan.desk.support.models.case import Case, CourtOrder, Entry, Sight, Wrap
from qalqan.desk.support.models.counting import EnquiryCount, Tally
from qalqan.desk.support.models.people import Helper, Kind, Service, Voucher

__all__ = [
    "Case",
    "CourtOrder",
    "EnquiryCount",
    "Entry",
    "Helper",
    "Kind",
    "Service",
    "Sight",
    "Tally",
    "Voucher",
    "Wrap",
]
