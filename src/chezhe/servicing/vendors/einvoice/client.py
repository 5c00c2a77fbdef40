"""The platform for fully digital invoices (数电票): ordinary invoices, and red letters that take them back.

    POST /invoices  {"reference","kind":"ordinary","title_kind","title","tax_number","lines":[…],"amount","tax"}
    POST /red       {"reference","invoice_number","reason"}
      → 200 {"code":"OK","status":"TAKEN|ISSUED","invoice_number"} or 200 {"code":"…"}: refusals are 200 too
    callback        {"receipt_id","reference","status":"ISSUED|REFUSED","invoice_number","code"}

One reference is one paper, however often it is asked for; asked again, the platform says what became of it.
"""

from __future__ import annotations

from typing import Any

from chezhe.kernel import outside
from chezhe.servicing.tax.invoices.rules import Answer, Notice, Paper, RedLetter

SERVICE = "einvoice"
_REASONS = {
    "TITLE_UNKNOWN": "title_unknown", "TAXPAYER_CANCELLED": "taxpayer_cancelled", "BUYER_MUST_CONFIRM": "buyer_must_confirm",
    "PARAMETER_ILLEGAL": "paper_refused",
}


def issue(paper: Paper) -> Answer:
    """Hand over one invoice. Raises outside.Unreachable when nothing is certain; asking again is harmless."""
    return _answer(outside.post(SERVICE, "/invoices", {
        "reference": paper.reference, "kind": "ordinary", "title_kind": paper.title_kind, "title": paper.title,
        "tax_number": paper.tax_number, "amount": paper.amount_fen, "tax": paper.tax_fen,
        "lines": [{"item": item, "amount": amount, "tax": tax} for item, amount, tax in paper.lines],
    }))


def redden(letter: RedLetter) -> Answer:
    """Ask for the red letter of an issued invoice; the same promises."""
    return _answer(outside.post(SERVICE, "/red", {
        "reference": letter.reference, "invoice_number": letter.invoice_number, "reason": letter.reason,
    }))


def _answer(reply: outside.Reply) -> Answer:
    if not reply.is_ok:
        raise outside.Unreachable(f"invoice platform answered {reply.status}")
    code, status = str(reply.body.get("code", "")), str(reply.body.get("status", ""))
    if code != "OK":
        return Answer("refused", failure_code=_REASONS.get(code, "paper_refused"))
    number = str(reply.body.get("invoice_number", ""))[:40]
    return Answer("issued", number) if status == "ISSUED" and number else Answer("taken")


def notice(said: dict[str, Any]) -> Notice:
    """What a callback says; raises ValueError when it cannot be read."""
    status, receipt_id, reference = (str(said.get(name, "")) for name in ("status", "receipt_id", "reference"))
    number = str(said.get("invoice_number", ""))
    if status not in ("ISSUED", "REFUSED") or not receipt_id or not reference or (status == "ISSUED" and not number):
        raise ValueError("not a notice of an invoice")
    answer = Answer("issued", number[:40]) if status == "ISSUED" else Answer(
        "refused", failure_code=_REASONS.get(str(said.get("code", "")), "paper_refused"))
    return Notice(receipt_id[:80], reference[:80], answer)
