"""Ordinary VAT invoices for what borrowers have paid: asked for, issued by the platform, taken back by a red letter.

`rules` is pure. `received` says what of a loan can still be invoiced, `requests` carries one invoice from asking to issued, and
`following` watches that no invoice stands for money that was taken back.
"""
