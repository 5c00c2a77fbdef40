"""Pages of the decision tables."""
