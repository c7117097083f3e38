"""Addresses of the weeks of the teams."""

from django.urls import path

from qalqan.desk.protection.views import plan

urlpatterns = [
    path("plan/", plan.weeks, name="plan_weeks"),
    path("plan/draw/", plan.draw, name="plan_draw"),
    path("plan/<int:week_id>/", plan.week_page, name="plan_week"),
    path("plan/<int:week_id>/plan.csv", plan.csv_file, name="plan_csv"),
    path("plan/<int:week_id>/check/", plan.check, name="plan_check"),
    path("plan/<int:week_id>/reveal/", plan.reveal, name="plan_reveal"),
    path("plan/visits/<int:visit_id>/change/", plan.change, name="plan_change"),
    path("plan/teams/", plan.teams, name="plan_teams"),
    path("plan/teams/new/", plan.team_new, name="plan_team_new"),
    path("plan/teams/<int:team_id>/", plan.team_edit, name="plan_team"),
    path("plan/teams/<int:team_id>/calendar/", plan.feed_make, name="plan_feed_make"),
    path("plan/calendars/<int:feed_id>/revoke/", plan.feed_revoke, name="plan_feed_revoke"),
    path("plan/calendar/<str:token>.ics", plan.ics, name="plan_ics"),
]
