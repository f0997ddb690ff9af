"""Capability types of tier 1, `infrastructure`."""
