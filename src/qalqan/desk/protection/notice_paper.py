"""The notice as a PDF, in the owner's language, in the words in which it was issued."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.platform.ui.paper import compiled_pdf
from qalqan.desk.protection.models import Notice, NoticeItem, Violation

TEMPLATE = Path(__file__).parent / "templates" / "protection" / "notice.typ"


def notice_data(notice: Notice, items: Sequence[NoticeItem]) -> dict[str, Any]:
    """Return what the paper says, as plain data in the notice's language."""
    with override(notice.language):
        site = notice.site
        body = notice.issued_by.organisation.name if notice.issued_by else ""
        facts = [
            (_("Site"), f"{site.number or ''} {site.name_in(notice.language)}".strip()),
            (_("Address"), ", ".join(part for part in (site.place.name, site.address) if part)),
            (_("Owner"), site.owner.name if site.owner else site.owner_name),
            (_("Issued by"), body),
        ]
        return {
            "language": notice.language,
            "title": _("Notice %(number)s") % {"number": notice.reference},
            "sample": _("Sample data") if notice.is_sample else "",
            "issued": format_date(notice.issued_at, "date"),
            "facts": [[name, value] for name, value in facts if value],
            "lead": _("An inspection found what follows. It is to be mended by the deadline."),
            "items_title": _("What is to be mended"),
            "items": [
                {
                    "number": item.order,
                    "text": item.text,
                    "note": item.note,
                    "severity": str(item.get_severity_display()),
                    "legal_ground": item.legal_ground,
                    "serious": item.severity == Violation.Severity.SERIOUS,
                }
                for item in items
            ],
            "deadline_title": _("To be mended by"),
            "deadline": format_date(notice.deadline, "date"),
            "advice": [
                _("Show by pictures and a few words that each point is mended."),
                _("The inspectors' office gives you a link and, apart from it, a code for that."),
                _("Another person checks the proof. A later deadline is given for a reason only."),
            ],
            "signatures": [_("For the inspectors' office"), _("For the owner: office and date")],
            "footer": _("Notice %(number)s") % {"number": notice.reference},
        }


def notice_pdf(notice: Notice, items: Sequence[NoticeItem]) -> bytes:
    """Return the notice as a PDF; the same notice always gives the same file."""
    data = notice_data(notice, items)
    return compiled_pdf(TEMPLATE.read_bytes(), data, made_at=notice.issued_at)
