"""Capability types of tier 1: what everything stands on."""
