"""Asset quality: the five classes of loans and why, the loss allowance, and the monthly run that posts it.

`rules` and `losses` are pure and work on arrays, for one borrower's loans on a page as for the whole book in a run.
`standards` reads the dated figures, `reading` the loans, `grading` puts both together. docs/quality.md tells the story.
"""
