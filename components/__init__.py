"""Providers: for each, a definition without pulumi and one Pulumi ComponentResource for each capability type."""
