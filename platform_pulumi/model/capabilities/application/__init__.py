"""Capability types of tier 3, `application`."""
