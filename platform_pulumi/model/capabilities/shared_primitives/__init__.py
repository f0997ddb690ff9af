"""Capability types of tier 2, `shared_primitives`."""
