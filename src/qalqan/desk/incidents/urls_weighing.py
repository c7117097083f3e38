"""Addresses of analyses, open questions, series and the picture of the threat."""

from django.urls import path

from qalqan.desk.incidents.views import aftermath, analyses, picture, questions, series

urlpatterns = [
    path("analyses/", analyses.analysis_list, name="analyses"),
    path("analyses/calibration/", aftermath.calibration, name="calibration"),
    path("analyses/<int:analysis_id>/", analyses.analysis_page, name="analysis"),
    path("analyses/<int:analysis_id>/marks/", analyses.mark, name="analysis_mark"),
    path("analyses/<int:analysis_id>/evidence/", analyses.evidence_add, name="evidence_add"),
    path(
        "analyses/<int:analysis_id>/evidence/<int:item_id>/take-back/",
        analyses.evidence_take_back, name="evidence_take_back",
    ),
    path("analyses/<int:analysis_id>/hypotheses/", analyses.hypothesis_add, name="hypothesis_add"),
    path("analyses/<int:analysis_id>/priors/", analyses.priors_set, name="priors_set"),
    path("analyses/<int:analysis_id>/relations/", analyses.relation_set, name="relation_set"),
    path("analyses/<int:analysis_id>/sought/", analyses.sought_add, name="sought_add"),
    path(
        "analyses/<int:analysis_id>/versions/<int:number>/",
        analyses.version_page, name="analysis_version",
    ),
    path("analyses/<int:analysis_id>/post-mortem/", aftermath.post_mortem, name="post_mortem"),
    path("<int:incident_id>/analyses/new/", analyses.analysis_new, name="analysis_new"),
    path("questions/", questions.question_list, name="questions"),
    path("questions/<int:question_id>/close/", questions.question_close, name="question_close"),
    path("<int:incident_id>/questions/ask/", questions.question_ask, name="question_ask"),
    path("series/", series.series_list, name="series"),
    path("series/<int:suggestion_id>/decide/", series.series_decide, name="series_decide"),
    path("picture/", picture.picture, name="picture"),
]  # fmt: skip
