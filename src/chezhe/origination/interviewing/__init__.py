"""面签: somebody of the house sits with the borrower, asks, writes down, and both sign; what was signed stays as it is."""
