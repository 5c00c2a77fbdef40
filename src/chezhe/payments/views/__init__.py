"""Pages of the payments room, and the address at which the bank calls back."""
