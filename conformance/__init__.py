"""Conformance cases: a report, a reading of it, and what every implementation has to say of them."""
