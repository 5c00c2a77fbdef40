"""The words of our papers: a library of clauses, templates made of them, and their published versions.

Placeholders are `{{name}}` and nothing else: no dots, no filters, no nesting. Names and flags stand in `fields`, so that a template
can only say what the ledger's own numbers say.
"""
