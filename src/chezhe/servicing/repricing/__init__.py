"""Floating rates: which loans are repriced on which day, the batch that proposes it, and what becomes of each loan.

`batches` proposes, applies and takes back; `pages` are the view-models. docs/money-events.md tells the story.
"""
