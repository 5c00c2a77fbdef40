"""The talk with a borrower before a contract, where the figures in force ask for one."""

from __future__ import annotations

from chezhe.kernel import clock
from chezhe.origination.actions.add_interview_photo import add_interview_photo
from chezhe.origination.actions.record_interview import record_interview
from chezhe.origination.actions.sign_interview import sign_interview
from chezhe.origination.interviewing import queries, questions
from chezhe.origination.interviewing.rules import Said
from chezhe.origination.interviewing.steps import Talk
from chezhe.origination.models import Application
from chezhe.simulation import paper
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

_WORDS = {
    "purpose": "购车自用", "income": "工资收入，与流水相符", "car_held": "本人使用和保管，知悉抵押和 GPS", "business": "商贸，收入稳定",
}


def hold(track: Track, scene: Scene) -> None:
    """The seller asks, takes a photo, and both sign on paper."""
    application = Application.objects.select_related("customer", "branch", "product_version__product").get(number=track.application)
    if not queries.is_needed(application, scene.today) or queries.is_held(application):
        return
    seller, now = scene.cast.called(track.seller), clock.now()
    asked = queries.asked(application, application.customer, now).questions
    made = record_interview(application_number=application.number, by=seller, talk=Talk(
        customer_number=application.customer.number, held_at=now, where=application.branch.name, channel="counter",
        answers={one.code: Said(_answer(one)) for one in asked},
    ))
    add_interview_photo(
        application_number=application.number, interview_number=made.number, upload=paper.scan("interview", track.serial), by=seller)
    for signer in ("customer", "interviewer"):
        sign_interview(
            application_number=application.number, interview_number=made.number, signer=signer, reference=f"MQ-{made.number}-{signer}",
            by=seller)
    scene.note("interviews")


def _answer(question: questions.Question) -> str:
    return question.expected or (_WORDS.get(question.code, "如实回答") if question.answer == questions.TEXT else "yes")
