"""Check a published report without the desk: signature, data, printed figures, audit chain.

This package knows neither Django nor the desk, opens no connection and keeps nothing, so that
what it finds does not depend on whoever published the report.
"""
