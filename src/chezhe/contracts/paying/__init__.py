"""How the money of a contract is split, how much may leave in a day, and to whose account."""
