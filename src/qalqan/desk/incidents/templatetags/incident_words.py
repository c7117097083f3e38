"""Words about incidents, for templates."""

from django import template

from qalqan.desk.incidents import charts, wording

register = template.Library()
register.filter("when", wording.time_in_words)
register.filter("where", wording.place_in_words)
register.filter("people", wording.number_in_words)
register.filter("report_in_words", wording.report_in_words)
register.filter("changes", charts.what_changed)
