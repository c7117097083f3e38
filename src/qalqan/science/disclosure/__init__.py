"""Disclosure control: suppression, rounding, k-anonymity and the attacker's audit."""
