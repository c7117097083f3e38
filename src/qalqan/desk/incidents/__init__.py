"""The ledger of what happened."""
