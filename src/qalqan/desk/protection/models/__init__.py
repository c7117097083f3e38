"""Sites, equipment, checklists, inspections; findings and notices; plans and budgets."""

from qalqan.desk.protection.models.budget import BudgetLine, BudgetPlan, HornPlan
from qalqan.desk.protection.models.checklist import Checklist, ChecklistVersion, Question
from qalqan.desk.protection.models.equipment import Equipment
from qalqan.desk.protection.models.field import FieldDevice, TakenSite
from qalqan.desk.protection.models.finding import Violation
from qalqan.desk.protection.models.inspection import Given, Inspection, InspectionPicture
from qalqan.desk.protection.models.notice import (
    Notice,
    NoticeItem,
    NoticeStep,
    OwnerLink,
    Remedy,
    RemedyFile,
)
from qalqan.desk.protection.models.plan import (
    CalendarFeed,
    PlanChange,
    PlannedVisit,
    PlanWeek,
    Team,
)
from qalqan.desk.protection.models.site import (
    Counter,
    Site,
    SiteEvent,
    SiteFile,
    SiteRequest,
    StoredFile,
)

__all__ = [
    "BudgetLine",
    "BudgetPlan",
    "CalendarFeed",
    "Checklist",
    "ChecklistVersion",
    "Counter",
    "Equipment",
    "FieldDevice",
    "Given",
    "HornPlan",
    "Inspection",
    "InspectionPicture",
    "Notice",
    "NoticeItem",
    "NoticeStep",
    "OwnerLink",
    "PlanChange",
    "PlanWeek",
    "PlannedVisit",
    "Question",
    "Remedy",
    "RemedyFile",
    "Site",
    "SiteEvent",
    "SiteFile",
    "SiteRequest",
    "StoredFile",
    "TakenSite",
    "Team",
    "Violation",
]
