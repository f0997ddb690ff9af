"""The Automation API, and nowhere else: the one place that knows Pulumi's command line, its events and its backends."""
