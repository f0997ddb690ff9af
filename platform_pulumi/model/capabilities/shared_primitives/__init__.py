"""Capability types of tier 2: what applications share."""
