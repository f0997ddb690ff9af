"""Compiles one YAML of capabilities in three tiers into linked Pulumi stacks, plans them together and applies them."""
