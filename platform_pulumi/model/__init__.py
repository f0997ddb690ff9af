"""Model of a platform: tiers, contexts, capabilities, constraints, quantities, fidelity, plans. No I/O, no pulumi."""
