"""Tier programs, one for each tier, no provider's name in them."""
