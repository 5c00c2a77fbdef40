"""What only its reader may know: sealed until it leaves, never shown to the house, over after its minutes."""

from __future__ import annotations

import pytest

from chezhe.compliance.tests.acting import ActingClient
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import moment
from chezhe.messaging import queries, steps
from chezhe.messaging.errors import TemplateReserved
from chezhe.messaging.models import Message
from chezhe.messaging.tests.sending import again, run, send

CODE = "730914"
FACTS = {"code": CODE, "purpose": "登录", "minutes": "5"}


def code(**more: object) -> Message:
    return send("one_time_code", facts=FACTS, **more)


def test_it_leaves_whole_and_nothing_of_it_stays(world: World) -> None:
    sent = code()
    assert CODE not in str(vars(sent) | {"sealed": ""}) and CODE not in sent.text
    waiting = queries.delivery(sent.number)
    assert waiting is not None and CODE in waiting.outgoing.text
    run(world)
    assert again(sent).status == "delivered" and sent.sealed == ""


def test_no_page_and_no_operation_shows_it(world: World, cast: dict[str, Actor], browser: ActingClient) -> None:
    sent = code()
    browser.acts_as(cast["he"])
    for address in ("/messaging/", f"/messaging/{sent.number}/", "/messaging/panel/?subject=probe:P1", "/messaging/templates/one_time_code/"):
        shown = browser.get(address)
        assert shown.status_code == 200 and CODE not in shown.content.decode()
    for path in ("messages", f"messages/{sent.number}"):
        assert CODE not in browser.get(f"/api/v1/messaging/{path}").content.decode()
    assert CODE not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("template", ["one_time_code"])
def test_only_the_system_sends_one(template: str, cast: dict[str, Actor], world: World) -> None:
    with pytest.raises(TemplateReserved):
        send(template, facts=FACTS, by=cast["gao"])
    assert not Message.objects.exists()


def test_it_is_not_sent_once_it_is_over(world: World) -> None:
    sent = code()
    clock.tick(300)
    run(world)
    assert (again(sent).status, sent.reason, sent.sealed) == ("refused", steps.EXPIRED, "")


def test_a_silent_gateway_is_asked_again_only_while_it_is_true(world: World) -> None:
    sent = code(address="15400000903")
    for _round in range(12):
        jobs.run_due()
        clock.tick(60)
    assert again(sent).status in ("sent", "delivered", "refused") and sent.sealed == ""


def test_the_night_holds_no_code_back(world: World) -> None:
    with clock.at(moment("2026-03-16 23:30")):
        sent = code(by=SYSTEM)
        run(world)
        assert again(sent).status == "delivered"
