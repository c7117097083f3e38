"""Addresses of indicators and their figures."""

from django.urls import path

from qalqan.desk.commission.views import performance, performance_acts

urlpatterns = [
    path("performance/", performance.overview, name="performance"),
    path("performance/lock/", performance_acts.lock, name="lock"),
    path("performance/figures.csv", performance.export, name="figures_export"),
    path("performance/figures/<int:figure_id>/", performance.figure, name="figure"),
    path("performance/figures/<int:figure_id>/correct/", performance_acts.correct,
         name="figure_correct"),
    path("performance/figures/<int:figure_id>/comment/", performance_acts.comment,
         name="figure_comment"),
    path("performance/<slug:code>/", performance.indicator, name="indicator"),
    path("performance/<slug:code>/target/", performance_acts.target, name="indicator_target"),
    path("performance/<slug:code>/responsible/", performance_acts.responsible,
         name="indicator_responsible"),
    path("performance/<slug:code>/define/", performance_acts.define, name="indicator_define"),
]  # fmt: skip
