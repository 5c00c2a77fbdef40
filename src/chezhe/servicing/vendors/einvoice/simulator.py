"""The platform for fully digital invoices. Words in the title choose the fate, so that a test or a trial can ask for one:

| title holds | outcome |
|---|---|
| 查无 | refused at once: no such taxpayer |
| 注销 | taken, refused later: the taxpayer is cancelled |
| 迟迟 | taken, no notice ever; asked again, it turns out to be issued |
| 须确认 | issued; the red letter is refused until the buyer confirms |
"""

from __future__ import annotations

from typing import Any, ClassVar

from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator


@simulators.register
class EinvoiceSimulator(Simulator):
    """`state` holds every paper by its reference, and the references by invoice number."""

    name, callback_path = "einvoice", "/servicing/callbacks/einvoice/"
    faults: ClassVar[Faults] = Faults(delay_seconds=(2, 20), duplicate_rate=1 / 10)

    def answer(self, call: Call) -> Answer:
        if call.path not in ("/invoices", "/red"):
            return Answer(404, {"code": "NO_SUCH_PATH"})
        reference = str(call.body.get("reference", ""))
        if not reference:
            return Answer(200, {"code": "PARAMETER_ILLEGAL"})
        if reference in self.state:
            return Answer(200, self._standing(self.state[reference]))
        return self._issue(reference, call.body) if call.path == "/invoices" else self._redden(reference, call.body)

    def _issue(self, reference: str, body: Any) -> Answer:
        title, lines = str(body.get("title", "")), body.get("lines") or []
        if body.get("kind") != "ordinary" or not title or sum(line["amount"] for line in lines) != body.get("amount"):
            return Answer(200, {"code": "PARAMETER_ILLEGAL"})
        if "查无" in title:
            return Answer(200, {"code": "TITLE_UNKNOWN"})
        return self._take(reference, {"title": title}, "TAXPAYER_CANCELLED" if "注销" in title else "", is_silent="迟迟" in title)

    def _redden(self, reference: str, body: Any) -> Answer:
        original = next((row for row in self.state.values() if row["invoice_number"] == body.get("invoice_number")), None)
        if original is None:
            return Answer(200, {"code": "PARAMETER_ILLEGAL"})
        if "须确认" in original["title"]:
            return Answer(200, {"code": "BUYER_MUST_CONFIRM"})
        return self._take(reference, {"title": original["title"]}, "")

    def _take(self, reference: str, row: dict[str, Any], refusal: str, *, is_silent: bool = False) -> Answer:
        number = "" if refusal else f"{26000000000000000000 + len(self.state) + 1}"
        self.state[reference] = {**row, "invoice_number": number, "refusal": refusal}
        if not is_silent:
            self.call_back(reference, {
                "receipt_id": f"EI-{reference}", "reference": reference, "status": "REFUSED" if refusal else "ISSUED",
                "invoice_number": number, "code": refusal,
            })
        return Answer(200, {"code": "OK", "status": "TAKEN"})

    def _standing(self, row: dict[str, Any]) -> dict[str, Any]:
        if row["refusal"]:
            return {"code": row["refusal"]}
        return {"code": "OK", "status": "ISSUED", "invoice_number": row["invoice_number"]}
