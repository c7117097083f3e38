"""Who gets through to the addresses of the platform: record, looks, sources, work and more."""

from tests.security.rows.row import (
    ADMINISTRATOR,
    AUDITOR,
    EVERYONE,
    READERS_OF_THE_RECORD,
    TAKING_AWAY,
    UNDERSTANDING,
    Row,
)

from qalqan.desk.platform.policies import Role

GRADING = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
OWING = EVERYONE - {Role.AUDITOR}
GIVING_WORK = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST, Role.ADMINISTRATOR})
READING_RELEASES = TAKING_AWAY | {Role.ADMINISTRATOR}

MAKING_RULES = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
_NO_RULE = {"rule_id": 0}

ROWS = {
    # audit
    "audit:entries": Row(READERS_OF_THE_RECORD, query="action=accounts"),
    "audit:export": Row(AUDITOR, method="post"),
    "audit:state": Row(READERS_OF_THE_RECORD),
    "audit:seal": Row(AUDITOR, method="post"),
    # ui
    "ui:language": Row(EVERYONE, public=True, method="post"),
    "ui:theme": Row(EVERYONE, public=True, method="post"),
    "ui:search": Row(EVERYONE, query="q=a"),
    "ui:components": Row(EVERYONE),
    "ui:help": Row(EVERYONE),
    # sources
    "sources:source_list": Row(UNDERSTANDING | ADMINISTRATOR, query="q=a"),
    "sources:source_detail": Row(UNDERSTANDING | ADMINISTRATOR, arguments={"source_id": 0}),
    "sources:source_grade": Row(GRADING, method="post", arguments={"source_id": 0}),
    # releases
    "releases:releases": Row(READING_RELEASES, query="series=a"),
    "releases:release": Row(READING_RELEASES, arguments={"release_id": 0}),
    # jobs
    "jobs:overview": Row(READERS_OF_THE_RECORD),
    "jobs:run_soon": Row(ADMINISTRATOR, method="post", arguments={"schedule_id": 0}),
    # places
    "places:place_list": Row(EVERYONE, query="q=a"),
    "places:place_suggest": Row(EVERYONE, query="q=a"),
    "places:place_detail": Row(EVERYONE, arguments={"place_id": 0}),
    # work
    "work:items": Row(EVERYONE),
    "work:export": Row(EVERYONE),
    "work:take": Row(OWING, method="post"),
    "work:board": Row(EVERYONE),
    "work:rules": Row(EVERYONE),
    "work:rule": Row(EVERYONE, arguments=_NO_RULE),
    "work:rule_add": Row(MAKING_RULES),
    "work:rule_change": Row(MAKING_RULES, arguments=_NO_RULE),
    "work:rule_try": Row(MAKING_RULES, method="post", arguments=_NO_RULE),
    "work:rule_on": Row(MAKING_RULES, method="post", arguments=_NO_RULE),
    "work:rule_off": Row(MAKING_RULES, method="post", arguments=_NO_RULE),
    "work:item": Row(EVERYONE, arguments={"item_id": 0}),
    "work:add": Row(GIVING_WORK),
    "work:accept": Row(OWING, method="post", arguments={"item_id": 0}),
    "work:close": Row(OWING, method="post", arguments={"item_id": 0}),
    "work:hand_over": Row(OWING, method="post", arguments={"item_id": 0}),
    "work:accept_offer": Row(OWING, method="post", arguments={"offer_id": 0}),
    "work:refuse_offer": Row(OWING, method="post", arguments={"offer_id": 0}),
}
