"""Driver of the Pulumi engine: the only code that knows Pulumi's command line, its events and its backends."""
