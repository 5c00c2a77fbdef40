"""The papers of a loan, in Chinese, as PDF/A: facts in, bytes out. Nothing here knows a database.

`facts` are the values, `values` and `blocks` what templates and tables take of them, `forms` makes the data of one paper of a set,
`documents.papers` prints it.
Papers are legal texts: they stay Chinese whatever the reader's language.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def template(name: str) -> Path:
    """Where the form of a paper lies: `articles`, `cost_sheet`, `schedule`."""
    return HERE / f"{name}.typ"
