"""Who works at the desk, in which role, for which body."""

STRONG_FACTORS = ("totp", "webauthn")
"""Second factors that count; recovery codes only stand in for one of them."""

DEMO_FACTOR = "qalqan_demo_factor"
"""Session key set by the one-time log-in of the embedded demo desk."""
