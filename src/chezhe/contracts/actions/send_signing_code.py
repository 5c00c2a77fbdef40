"""Whoever opened a link asks for the code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import SigningCode, SigningLink
from chezhe.contracts.signing import errors, guests, queries, rules
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.messaging import steps as messaging

TEMPLATE = "one_time_code"


@dataclass(frozen=True, slots=True)
class Sent:
    """The code as it left; kept nowhere."""

    link: SigningLink
    code: str = field(repr=False)

    @property
    def subject(self) -> str:
        return self.link.subject


@action(permissions.USE_LINK, label=_("发送签署验证码"))
def send_signing_code(*, asked_from: str, by: Actor) -> Sent:
    """Send a code to the party's own mobile. Raises CodeTooSoon or CodesUsedUp (429), CodeNotSent (503)."""
    link = guests.lock_link(by)
    now, address_hash = clock.now(), queries.digest(f"address:{asked_from}")
    of_address = SigningCode.objects.filter(address_hash=address_hash, sent_at__gt=now - rules.HOUR).order_by("-pk")
    wait = rules.wait_before_code(
        list(link.codes.order_by("-pk").values_list("sent_at", flat=True)), list(of_address.values_list("sent_at", flat=True)[:60]), now)
    if wait is None:
        raise errors.CodesUsedUp()
    if wait:
        raise errors.CodeTooSoon(seconds=int(wait.total_seconds()) + 1)
    code = f"{secrets.randbelow(10**6):06d}"
    SigningCode.objects.create(link=link, code_hash=queries.digest(f"{link.key}:{code}"), address_hash=address_hash, sent_at=now)
    sent = messaging.send(
        template_code=TEMPLATE, recipient_subject=link.party.customer.subject, address=link.mobile, language=link.party.customer.language,
        facts={"code": code, "purpose": gettext("签署合同"), "minutes": str(int(rules.CODE_LASTS.total_seconds() // 60))}, by=SYSTEM,
    )
    if sent.status != "queued":
        raise errors.CodeNotSent()
    return Sent(link, code)
