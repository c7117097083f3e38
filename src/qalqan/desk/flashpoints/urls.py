"""Addresses of the pages about flash-points."""

from django.urls import path

from qalqan.desk.flashpoints.views import finding, forecasts, pages, trying

app_name = "flashpoints"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("runs/", pages.run_list, name="runs"),
    path("runs/<int:run_id>/", pages.run_page, name="run"),
    path("runs/<int:run_id>/findings.csv", pages.run_csv, name="run_csv"),
    path("runs/<int:run_id>/findings.geojson", pages.run_geojson, name="run_geojson"),
    path("findings/<int:finding_id>/", finding.finding_page, name="finding"),
    path("findings/<int:finding_id>/sheet.pdf", finding.sheet, name="sheet"),
    path("findings/<int:finding_id>/take-up/", finding.take_up, name="take_up"),
    path("findings/<int:finding_id>/review/", finding.review, name="review"),
    path("findings/<int:finding_id>/decide/", finding.decide, name="decide"),
    path("findings/<int:finding_id>/close/", finding.close, name="close"),
    path("forecast/", forecasts.forecast, name="forecast"),
    path("forecast/order/", forecasts.order, name="forecast_order"),
    path("forecast/<int:run_id>/", forecasts.forecast_run, name="forecast_run"),
    path("forecast/<int:run_id>/forecast.csv", forecasts.csv_file, name="forecast_csv"),
    path("forecast/<int:run_id>/forecast.geojson", forecasts.geojson, name="forecast_geojson"),
    path("what-if/", trying.what_ifs, name="what_ifs"),
    path("what-if/<int:what_if_id>/", trying.what_if, name="what_if"),
]
