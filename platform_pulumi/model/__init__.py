"""What things are: tiers, contexts, capabilities, constraints, quantities, fidelity, plans. No I/O, no pulumi."""
