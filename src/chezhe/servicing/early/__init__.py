"""Borrowers who want to settle early say so beforehand: for which day, and at which sum. What comes of it the loan itself tells."""
