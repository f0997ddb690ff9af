"""Truth of the plan: random platforms and changes, planned, applied by the real engine, and compared."""
