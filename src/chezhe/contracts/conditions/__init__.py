"""The conditions precedent as data: whose they are, until when, what proves them, and what was waived by whom."""
