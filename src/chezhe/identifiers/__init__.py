"""Identifiers: judging, normalising, masking and inventing the numbers people carry. Pure Python, no Django.

Every judge takes the exact string and returns a frozen result with `findings`; it never raises on text.
A form calls `normalise` first (full-width digits, blanks, lower case) and shows `findings`; the command line judges
what was typed. The modules: `id_card`, `uscc`, `vin`, `plate`, `bank_card`, `phone`, `names`, `excel`,
`capital` (大写), `numbers` (our own), `masks`, `synthetic`.
"""
