"""Who gets through to the addresses of support."""

from tests.security.rows.row import ADMINISTRATOR, EVERYONE, IN_KAZAKH, Row

from qalqan.desk.platform.policies import Role

_WORKERS = frozenset({Role.SUPPORT_WORKER})
_NO_CASE = {"case_id": "00000000-0000-4000-8000-000000000000"}
_NO_ENTRY = {**_NO_CASE, "entry_id": "00000000-0000-4000-8000-000000000001"}
_NO_HELPER = {"helper_id": "00000000-0000-4000-8000-000000000002"}

ROWS = {
    "support:home": Row(_WORKERS),
    "support:begin": Row(_WORKERS),
    "support:colleagues": Row(_WORKERS),
    "support:services": Row(_WORKERS | ADMINISTRATOR),
    "support:service_add": Row(ADMINISTRATOR),
    "support:service": Row(ADMINISTRATOR, arguments={"service_id": 0}),
    "support:case": Row(_WORKERS, arguments=_NO_CASE),
    "support:sheet": Row(_WORKERS, arguments=_NO_CASE),
    "support:step_done": Row(_WORKERS, method="post", arguments=_NO_ENTRY),
    "support:envelope": Row(_WORKERS, method="post", arguments=_NO_ENTRY),
    "support:withdraw": Row(_WORKERS, method="post", arguments={**_NO_CASE, "service_id": 0}),
    "support:order_act": Row(
        _WORKERS, method="post", arguments={**_NO_CASE, "order_id": _NO_ENTRY["entry_id"]}
    ),
    "support:vouch": Row(_WORKERS, method="post", arguments=_NO_HELPER),
    "support:let_go": Row(_WORKERS, method="post", arguments=_NO_HELPER),
    "support:own_any": Row(EVERYONE, public=True),
    "support:own": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "support:certificate_any": Row(EVERYONE, public=True),
    "support:certificate": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "support:certificate_pdf": Row(EVERYONE, public=True, method="post", arguments=IN_KAZAKH),
}
ROWS |= {
    f"support:{name}": Row(_WORKERS, method="post")
    for name in ("make_key", "unlock", "shut", "enquiry")
} | {
    f"support:{name}": Row(_WORKERS, method="post", arguments=_NO_CASE)
    for name in ("note", "step", "review", "close", "consent", "erase", "order_ask")
}
