"""What a borrower is given about a loan, in Chinese, as PDF/A: statement, payoff letter, plan, certificates.

`facts` are the values, `lines` what moved, `kinds` turn them into the data of one paper; `documents.papers` prints it.
"""

from pathlib import Path

SHEET = Path(__file__).resolve().parent / "sheet.typ"
EDITION = "2026-1"  # of the texts: raise it when a sentence of a paper changes
