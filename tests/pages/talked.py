"""What the room of origination holds in the sample beside cases: a paper that was read, and an interview that waits for its signatures."""

from __future__ import annotations

from chezhe.documents.models import PaperReading
from chezhe.documents.reading import steps as reading_steps
from chezhe.documents.vendors.ocr.answers import FieldAnswer, PaperAnswer
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.origination.actions.record_interview import record_interview
from chezhe.origination.interviewing import queries
from chezhe.origination.interviewing.rules import Said
from chezhe.origination.interviewing.steps import Talk
from chezhe.origination.models import Application

SAID = {"plate": "浙A12345", "vin": "LSVNV2182N2000002", "engine_no": "EA888-77", "owner": "张三", "registered_on": "2022-05-20"}


def talk(by: Actor) -> None:
    """A licence is read, and the borrower of a draft is interviewed."""
    reading = PaperReading.objects.filter(kind="vehicle_licence", file__subject__startswith="application:").order_by("pk").first()
    assert reading is not None, "the simulation files vehicle licences"
    fields = tuple(FieldAnswer(name=name, value=value, confidence=0.9) for name, value in SAID.items())
    reading_steps.keep_answer(reading, PaperAnswer(why="", fields=fields))
    draft = Application.objects.filter(status="draft").order_by("pk")[0]
    asked = queries.asked(draft, draft.customer, clock.now())
    record_interview(application_number=draft.number, by=by, talk=Talk(
        customer_number=draft.customer.number, held_at=clock.now(), where="洽谈室", channel="counter",
        answers={one.code: Said(one.expected or ("yes" if one.answer == "yes_no" else "家用")) for one in asked.questions},
    ))
