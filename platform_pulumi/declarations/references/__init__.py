"""`${...}` in texts: the grammar, and the value each reference stands for."""
