"""The papers of a loan, in Chinese, as PDF/A: facts in, bytes out. Nothing here knows a database.

`facts` are the values, `loan`, `mortgage`, `cost` turn them into the data of one paper, `press` prints it.
Papers are legal texts: they stay Chinese whatever the reader's language.
"""
