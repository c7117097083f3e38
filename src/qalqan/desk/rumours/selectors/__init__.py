"""Everything that reads messages, claims and answers.

No read counts or scans the messages: lists run along an index and stop, searches end at a
bound, and what is counted is read from the roll-ups.
"""

from qalqan.desk.rumours.selectors.by_day import (
    ReportCount,
    claims_begun,
    claims_told,
    has_sample_between,
    reports_by_source,
    tips_by_place,
)
from qalqan.desk.rumours.selectors.counts import (
    MOST_GROWING,
    ClaimGrowth,
    answers_between,
    answers_of,
    as_of,
    claim_for,
    claim_history,
    claim_languages,
    claim_messages,
    claim_places,
    claims,
    claims_among,
    growth_table,
    hour_of,
    latest_answers,
    message_window,
    messages,
    stored_identities,
    tips_by_day,
)
from qalqan.desk.rumours.selectors.finding import (
    LOOKED_THROUGH,
    FoundMessages,
    find_messages,
    may_read_messages,
)
from qalqan.desk.rumours.selectors.listing import (
    MOST_FOUND,
    SORTS,
    ClaimFilter,
    ListedClaim,
    list_claims,
)

__all__ = [
    "LOOKED_THROUGH",
    "MOST_FOUND",
    "MOST_GROWING",
    "SORTS",
    "ClaimFilter",
    "ClaimGrowth",
    "FoundMessages",
    "ListedClaim",
    "ReportCount",
    "answers_between",
    "answers_of",
    "as_of",
    "claim_for",
    "claim_history",
    "claim_languages",
    "claim_messages",
    "claim_places",
    "claims",
    "claims_among",
    "claims_begun",
    "claims_told",
    "find_messages",
    "growth_table",
    "has_sample_between",
    "hour_of",
    "latest_answers",
    "list_claims",
    "may_read_messages",
    "message_window",
    "messages",
    "reports_by_source",
    "stored_identities",
    "tips_by_day",
    "tips_by_place",
]
