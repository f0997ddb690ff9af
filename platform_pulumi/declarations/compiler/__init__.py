"""Documents into a platform: parsed, merged, resolved against each other, wired, and checked against limits."""
