"""How many queries a page may make; a page that needs more, or more with more rows, fails.

Each line is the name of an address and the queries of its largest honest answer, the session
and the reader's account included. Raise a number only with a reason in the commit.
"""

from __future__ import annotations

BUDGETS: dict[str, int] = {
    "rumours:claims": 15,
    "rumours:claim": 22,
    "rumours:attention": 7,
    "rumours:suggestions": 6,
    "rumours:measures": 5,
    "rumours:messages": 9,
    "rumours:answers": 6,
    "rumours:review": 12,
    "rumours:answer": 11,
    "rumours:publishing": 8,
    "public:answers": 8,
    "public:answer": 12,
    "public:atom": 4,
    "public:json_feed": 4,
    "intake:runs": 8,
    "intake:run": 6,
    "intake:upload": 4,
    "intake:hotline": 5,
    "intake:feeds": 6,
    "intake:tokens": 7,
    "brief:today": 8,
    "brief:archive": 9,
    "brief:edition": 8,
    "incidents:incidents": 7,
    "incidents:incident": 5,
    "incidents:indicators": 4,
    "flashpoints:overview": 26,
    "flashpoints:runs": 5,
    "flashpoints:run": 8,
    # The life, the claims, the forms of two steps and the map came to the finding's page.
    "flashpoints:finding": 18,
    "flashpoints:forecast": 8,
    "flashpoints:forecast_run": 8,
    "flashpoints:what_ifs": 6,
    "flashpoints:what_if": 6,
    "public:warnings": 3,
    "public:warning": 5,
    "public:warning_feed": 3,
    "alerts:warnings": 12,
    "alerts:warning": 6,
    "alerts:message": 7,
    "alerts:write": 12,
    "work:items": 6,
    "work:add": 5,
    "work:item": 10,
    "jobs:overview": 6,
}
