"""VAT: what of the income a month is taxed on, the monthly run that books it, and invoices that borrowers ask for.

`rules` and `postings` are pure. `figures` reads the dated rate, `reading` the ledger set by set, `runs` carries a month
from preparing to posting and back. docs/tax.md tells the story.
"""
