"""Addresses of the room of polls."""

from django.urls import URLPattern, path

from qalqan.desk.polls.views import answering, collecting, designs, polls, results

app_name = "polls"
urlpatterns: list[URLPattern] = [
    path("", polls.poll_list, name="polls"),
    path("add/", polls.poll_add, name="poll_add"),
    path("trust/", results.trust, name="trust"),
    path("questionnaires/", designs.questionnaire_list, name="questionnaires"),
    path("questionnaires/import/", designs.questionnaire_import, name="questionnaire_import"),
    path("questionnaires/<int:version_id>/", designs.questionnaire_page, name="questionnaire"),
    path(
        "questionnaires/<int:version_id>/form.xlsx",
        designs.questionnaire_export,
        name="questionnaire_export",
    ),
    path(
        "questionnaires/<int:version_id>/publish/",
        designs.questionnaire_publish,
        name="questionnaire_publish",
    ),
    path("frames/", designs.frame_list, name="frames"),
    path("frames/add/", designs.frame_add, name="frame_add"),
    path("frames/<int:frame_id>/", designs.frame_page, name="frame"),
    path("batches/<int:batch_id>/", collecting.batch_page, name="batch"),
    path("batches/<int:batch_id>/outcomes/", collecting.batch_outcomes, name="batch_outcomes"),
    path("batches/<int:batch_id>/links/", collecting.batch_links, name="batch_links"),
    path("batches/<int:batch_id>/numbers/", collecting.batch_numbers, name="batch_numbers"),
    path("batches/<int:batch_id>/enter/", collecting.enter, name="enter"),
    path("answer/<str:token>/", answering.answer_any, name="answer_any"),
    path("answer/<slug:language>/<str:token>/", answering.answer, name="answer"),
    path("<int:poll_id>/", polls.poll_page, name="poll"),
    path("<int:poll_id>/design/", polls.design, name="design"),
    path("<int:poll_id>/totals/", polls.margins, name="margins"),
    path("<int:poll_id>/sample/", polls.sample, name="sample"),
    path("<int:poll_id>/sample.csv", polls.sample_file, name="sample_file"),
    path("<int:poll_id>/do/<slug:act>/", polls.poll_act, name="act"),
    path("<int:poll_id>/batches/", collecting.batch_add, name="batch_add"),
    path("<int:poll_id>/submissions/", collecting.submissions, name="submissions"),
    path("<int:poll_id>/results/", results.results, name="results"),
    path("<int:poll_id>/results.<str:form>", results.results_file, name="results_file"),
    path("<int:poll_id>/publish/", results.publish, name="publish"),
]
