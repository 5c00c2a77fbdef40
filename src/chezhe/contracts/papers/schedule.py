"""The repayment schedule as a paper of its own."""

from __future__ import annotations

from typing import Any

from chezhe.contracts.papers import words
from chezhe.contracts.papers.facts import Case
from chezhe.documents.papers.figures import both, percent, sealed, yuan

NOTE = "本表按预计放款日编制。实际放款日不同的，以放款后提供的还款计划表为准；各期金额之和等于借款本金与应付利息、费用之和。"


def schedule(case: Case) -> dict[str, Any]:
    """The data of the repayment schedule."""
    totals = case.quote.totals
    return sealed({
        "title": "还款计划表", "number": case.number, "made_on": case.made_on.isoformat(), "edition": words.EDITION,
        "lender": {"name": case.lender.name}, "schedule": words.schedule_rows(case), "schedule_note": NOTE,
        "loan": [["借款人", case.borrower.title], ["借款本金", both(case.principal)], ["还款方式", words.METHODS[case.terms.plan.method]],
                 ["年化利率（单利）", percent(case.counted.rates.all_in_simple)]],
        "totals": [["利息合计", f"{yuan(totals.interest_fen)} 元"], ["费用合计", f"{yuan(totals.fee_fen + totals.upfront_fee_fen)} 元"],
                   ["还款总额", f"{yuan(totals.total_fen)} 元"]],
    })
