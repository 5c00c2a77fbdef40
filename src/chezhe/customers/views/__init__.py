"""Pages of the customers room."""
