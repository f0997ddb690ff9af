"""The tier programs: one short module a tier, no provider's name in them."""
