"""Cost of funds and profitability: what a loan's money costs inside the house, and what the loan leaves.

`rules` and `postings` are pure. `figures` reads the dated prices, `reading` asks the ledger set by set, `runs` books a month's internal
funding cost, `statements` tells one loan's profit from its life, `months` that of products and branches. docs/profitability.md.
"""
