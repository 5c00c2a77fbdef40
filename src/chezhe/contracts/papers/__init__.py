"""The papers of a loan, in Chinese, as PDF/A: facts in, bytes out. Nothing here knows a database.

`facts` are the values, `loan`, `mortgage`, `cost` turn them into the data of one paper, `documents.papers` prints it.
Papers are legal texts: they stay Chinese whatever the reader's language.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def template(name: str) -> Path:
    """Where the form of a paper lies: `loan_contract`, `mortgage_contract`, `cost_sheet`, `schedule`."""
    return HERE / f"{name}.typ"
