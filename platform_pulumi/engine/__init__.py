"""Pulumi engine driver: the one place that knows Pulumi's command line, its events and its backends."""
