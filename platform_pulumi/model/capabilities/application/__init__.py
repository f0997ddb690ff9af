"""Capability types of tier 3: what applications are made of."""
