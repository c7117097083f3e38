"""Addresses of equipment plans and of the coverage map."""

from django.urls import path

from qalqan.desk.protection.views import budget, coverage

urlpatterns = [
    path("budgets/", budget.plans, name="budget_plans"),
    path("budgets/order/", budget.order, name="budget_order"),
    path("budgets/<int:plan_id>/", budget.plan_page, name="budget_plan"),
    path("budgets/<int:plan_id>/plan.csv", budget.csv_file, name="budget_csv"),
    path("coverage/", coverage.overview, name="coverage"),
    path("coverage/coverage.csv", coverage.csv_file, name="coverage_csv"),
    path("coverage/search/", coverage.search, name="coverage_search"),
]
