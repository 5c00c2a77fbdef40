"""Pages of the contract room."""
