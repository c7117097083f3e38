"""Addresses of quarterly reports for everyone."""

from django.urls import path, register_converter

from qalqan.desk.public import reports
from qalqan.desk.public.frame import lead


class ReportLanguage:
    """A language in which a report is set."""

    regex = "kk|ru|en"

    def to_python(self, value: str) -> str:
        """Return the code."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code."""
        return value


class ReportForm(ReportLanguage):
    """A form in which a report's data are handed out."""

    regex = r"json|csv|chain\.json|pem"


register_converter(ReportLanguage, "report_language")
register_converter(ReportForm, "report_form")

_QUARTER = "<int:year>-q<int:quarter>"
_FILE = f"reports/files/{_QUARTER}-v<int:version>"

urlpatterns = [
    path("reports/", lead("public:reports"), name="reports_any"),
    path("reports/schema.json", reports.schema, name="report_schema"),
    path("reports/certificate.pem", reports.certificate, name="report_certificate"),
    path(f"{_FILE}-<report_language:paper>.pdf", reports.paper, name="report_paper"),
    path(f"{_FILE}.<report_form:form>", reports.data_file, name="report_file"),
    path(f"reports/{_QUARTER}/", lead("public:report"), name="report_any"),
    path(f"reports/{_QUARTER}/v<int:version>/", lead("public:report_version"),
         name="report_version_any"),
    path("<report_language:language>/reports/", reports.reports, name="reports"),
    path(f"<report_language:language>/reports/{_QUARTER}/", reports.report, name="report"),
    path(f"<report_language:language>/reports/{_QUARTER}/v<int:version>/", reports.version,
         name="report_version"),
]  # fmt: skip
