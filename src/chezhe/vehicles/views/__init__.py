"""Pages of the vehicles room."""
