"""Sites, equipment, checklists, inspections; findings and notices; plans and budgets."""

from qalqan.desk.protection.models.checklist import Checklist, ChecklistVersion, Question
from qalqan.desk.protection.models.equipment import Equipment
from qalqan.desk.protection.models.inspection import Given, Inspection, InspectionPicture
from qalqan.desk.protection.models.site import (
    Counter,
    Site,
    SiteEvent,
    SiteFile,
    SiteRequest,
    StoredFile,
)

__all__ = [
    "Checklist",
    "ChecklistVersion",
    "Counter",
    "Equipment",
    "Given",
    "Inspection",
    "InspectionPicture",
    "Question",
    "Site",
    "SiteEvent",
    "SiteFile",
    "SiteRequest",
    "StoredFile",
]
