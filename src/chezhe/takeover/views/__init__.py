"""Pages of a takeover."""
