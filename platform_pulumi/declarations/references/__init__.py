"""References, `${...}` in texts: their grammar, and their resolution to values."""
