"""Who may see and change what the lender judges by."""
