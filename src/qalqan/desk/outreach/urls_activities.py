"""Addresses of activities."""

from django.urls import path

from qalqan.desk.outreach.views import activities, calendars, files, totals

urlpatterns = [
    path("", activities.activity_list, name="activities"),
    path("add/", activities.activity_add, name="activity_add"),
    path("totals/", totals.activity_totals, name="totals"),
    path("import/", files.activity_import, name="activity_import"),
    path("export.<str:form>", files.activity_export, name="activity_export"),
    path("form.xlsx", files.activity_odk_form, name="activity_odk_form"),
    path("calendars/", calendars.calendar_list, name="calendars"),
    path("calendars/<int:feed_id>/revoke/", calendars.calendar_revoke, name="calendar_revoke"),
    path("calendar/<str:token>.ics", calendars.calendar_feed, name="calendar_feed"),
    path("<int:activity_id>/", activities.activity_page, name="activity"),
    path("<int:activity_id>/correct/", activities.activity_correct, name="activity_correct"),
    path("<int:activity_id>/report/", activities.activity_report, name="activity_report"),
    path("<int:activity_id>/hold/", activities.activity_hold, name="activity_hold"),
    path("<int:activity_id>/cancel/", activities.activity_cancel, name="activity_cancel"),
    path("<int:activity_id>/restore/", activities.activity_restore, name="activity_restore"),
    path("<int:activity_id>/questions/", activities.activity_question, name="activity_question"),
    path("<int:activity_id>/follow-up/", activities.activity_follow_up, name="activity_follow_up"),
]
