"""Who gets through to the addresses of alerts."""

from tests.security.rows.row import (
    ADMINISTRATOR,
    ANSWERING,
    EVERYONE,
    IN_KAZAKH,
    UNDERSTANDING,
    Row,
)

from qalqan.desk.platform.policies import Role

READING_WARNINGS = UNDERSTANDING | {Role.ADMINISTRATOR}
_NO_MESSAGE = {"version_id": 0}
_NO_WARNING = {"alert_id": 0}

ROWS = {
    # warnings; who writes never approves, and only the duty officer sends alone
    "alerts:warnings": Row(READING_WARNINGS),
    "alerts:warning": Row(READING_WARNINGS, arguments=_NO_WARNING),
    "alerts:message": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:cap_file": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:map_data": Row(READING_WARNINGS),
    "alerts:begin": Row(ANSWERING),
    "alerts:write": Row(ANSWERING, arguments=_NO_MESSAGE),
    "alerts:check": Row(ANSWERING, method="post", arguments=_NO_MESSAGE),
    "alerts:discard": Row(ANSWERING, method="post", arguments=_NO_MESSAGE),
    "alerts:update": Row(ANSWERING, method="post", arguments=_NO_WARNING),
    "alerts:cancel": Row(ANSWERING, method="post", arguments=_NO_WARNING),
    "alerts:approve": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:send_back": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:review": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:send_alone": Row(frozenset({Role.DUTY_OFFICER}), method="post", arguments=_NO_MESSAGE),
    "alerts:templates": Row(READING_WARNINGS),
    "alerts:template": Row(READING_WARNINGS, arguments={"code": "none"}),
    "alerts:templates_load": Row(
        frozenset({Role.PRESS_OFFICER, Role.ADMINISTRATOR}), method="post"
    ),
    # devices, their signals and exercises; devices come with their own seal
    "alerts:board": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:board_part": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:board_stream": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:resend": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:targets": Row(READING_WARNINGS),
    "alerts:target_add": Row(ADMINISTRATOR, method="post"),
    "alerts:target_switch": Row(ADMINISTRATOR, method="post", arguments={"target_id": 0}),
    "alerts:subscribe_any": Row(EVERYONE, public=True),
    "alerts:subscribe": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "alerts:subscribe_code": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "alerts:confirm": Row(EVERYONE, public=True, arguments={**IN_KAZAKH, "token": "none"}),
    "alerts:leave": Row(EVERYONE, public=True, arguments={**IN_KAZAKH, "token": "none"}),
    "alerts:signals": Row(READING_WARNINGS),
    "alerts:signals_part": Row(READING_WARNINGS),
    "alerts:signals_stream": Row(READING_WARNINGS),
    "alerts:signal_acknowledge": Row(
        frozenset({Role.DUTY_OFFICER}), method="post", arguments={"signal_id": 0}
    ),
    "alerts:signal_close": Row(
        frozenset({Role.DUTY_OFFICER}), method="post", arguments={"signal_id": 0}
    ),
    "alerts:devices": Row(READING_WARNINGS),
    "alerts:device_add": Row(ADMINISTRATOR, method="post"),
    "alerts:device_change": Row(ADMINISTRATOR, method="post", arguments={"device_id": 0}),
    "alerts:device_messages": Row(EVERYONE, public=True, method="post", arguments={"code": "none"}),
    "alerts:drills": Row(READING_WARNINGS),
    "alerts:drill_add": Row(ANSWERING, method="post"),
    "alerts:drill": Row(READING_WARNINGS, arguments={"drill_id": 0}),
    "alerts:drill_begin": Row(ANSWERING, method="post", arguments={"drill_id": 0}),
    "alerts:drill_end": Row(ANSWERING, method="post", arguments={"drill_id": 0}),
}
