"""Coming in: ask for a code, prove it, show whose number it is. Every attempt is counted and audited; no number and no code is."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chezhe.channels import queries as channel_queries
from chezhe.customers.models import Customer
from chezhe.identifiers import id_card, names, phone
from chezhe.kernel import audit, clock, crypto, locks
from chezhe.kernel.action import name_verbs
from chezhe.kernel.actor import ANONYMOUS, DEALER, SYSTEM, Actor
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.messaging import steps as messaging
from chezhe.portal import queries, rules, sessions, steps
from chezhe.portal.models import Account, OneTimeCode, OutsideSession
from chezhe.staff import locks as attempts
from chezhe.ui.fields import sentence_of

name_verbs({
    "portal.sign_in": _("登录门户"), "portal.sign_out": _("退出门户"), "portal.step_up": _("以短信验证码确认身份"),
    "portal.bind": _("核对门户用户身份"),
})
TEMPLATE = "one_time_code"


class CodesTooMany(BusinessError):
    code = "codes_too_many"
    http_status = 429
    sentence = _("获取验证码过于频繁，请在 %(seconds)s 秒后再试。")


class CodeWrong(BusinessError):
    code = "code_wrong"
    http_status = 422
    field = "typed"
    sentence = _("验证码不正确，还可以再试 %(left)s 次。")


class CodeOver(BusinessError):
    code = "code_over"
    http_status = 422
    field = "typed"
    sentence = _("验证码已失效，请重新获取。")


class IdentityUnknown(BusinessError):
    """One sentence for a number that is not ours, another's, and a wrong name: who is a customer is nobody's to find out."""

    code = "identity_unknown"
    http_status = 422
    field = "id_number"
    sentence = _("没有找到与此手机号、姓名和证件号码都相符的资料。如手机号已更换，请携带身份证到门店更新。")


class MobileShared(BusinessError):
    code = "mobile_shared"
    http_status = 409
    sentence = _("这个手机号登记在不止一位客户名下，为保护您的资料，请携带身份证到门店核实后再使用。")


class DealerAccountMissing(BusinessError):
    code = "dealer_account_missing"
    http_status = 422
    field = "typed"
    sentence = _("这个手机号没有开通车商服务，请联系贵店的负责人。")


def ask_code(
    request: HttpRequest, kind: str, mobile: str, at: datetime, *, session: OutsideSession | None = None, about: str = "",
) -> tuple[OneTimeCode, str]:
    """Send a code to a mobile number, known to us or not: the answer and the questions asked of the database are the same.

    With `session` it is a step-up, bound to that sign-in and to the subject `about`. The second value is the code itself, for the
    demo, which has no phone. Raises Invalid (422) for a number that is none, and CodesTooMany (429).
    """
    number = phone.normalise(mobile)
    if faults := phone.judge(number).errors:
        raise Invalid(field="mobile", code=faults[0].code, sentence=sentence_of(faults[0]))
    digest, ip = crypto.blind_index(number, kind="mobile"), client_ip(request)
    with transaction.atomic():
        locks.hold_all([f"portal-code:{digest}", f"portal-code:{ip}"])
        _refuse_too_many(digest, ip, at)
        # Only the newest counts.
        OneTimeCode.objects.filter(mobile_hash=digest, kind=kind, used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
        code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
        row = OneTimeCode(
            kind=kind, purpose="step_up" if session else "sign_in", about=about, mobile=number, session=session, issued_at=at,
            expires_at=at + rules.CODE_LASTS, ip_address=ip or None,
        )
        row.digest = _digest(row, code)
        row.save()
        if not queries.may_not_be_written_to(digest):
            _send(row, code)
    return row, code


def _refuse_too_many(digest: str, ip: str, at: datetime) -> None:
    rows = OneTimeCode.objects.order_by("-issued_at").values_list("issued_at", flat=True)
    of_mobile = list(rows.filter(mobile_hash=digest, issued_at__gt=at - rules.DAY)[: rules.PER_DAY])
    of_address = list(rows.filter(ip_address=ip, issued_at__gt=at - rules.HOUR)[: rules.PER_HOUR_OF_ADDRESS]) if ip else []
    wait = rules.wait_before_code(of_mobile, of_address, at)
    if wait > timedelta():
        raise CodesTooMany(seconds=-(-wait // timedelta(seconds=1)))


def _digest(row: OneTimeCode, code: str) -> str:
    return crypto.sign(f"{row.key}:{code}".encode(), purpose="portal-code")


def _send(row: OneTimeCode, code: str) -> None:
    said = {"sign_in": gettext("登录"), "step_up": gettext("确认办理")}[row.purpose]
    messaging.send(
        template_code=TEMPLATE, recipient_subject=f"{queries.VISITOR}:{crypto.blind_index(row.mobile, kind='mobile')}", address=row.mobile,
        facts={"code": code, "purpose": said, "minutes": str(rules.CODE_LASTS // timedelta(minutes=1))}, by=SYSTEM,
        language="en" if (get_language() or "").startswith("en") else "zh-hans", reference=f"portal-code:{row.key}",
    )


def prove_code(key: str, typed: str, kind: str, at: datetime, *, session: OutsideSession | None = None) -> OneTimeCode:
    """The code that was asked for under `key`, used up by being right. Each try is counted before it is judged, in a statement of its
    own. Raises CodeWrong or CodeOver (422)."""
    row = OneTimeCode.objects.filter(key=_uuid(key), kind=kind, session=session).first()
    verb = "portal.step_up" if session else "portal.sign_in"
    try:
        if row is None:
            raise CodeOver()
        _judge(row, typed, at)
    except BusinessError as refusal:
        audit.record(by=ANONYMOUS, verb=verb, subject=session.account.subject if session else "", facts={"code": refusal.code},
                     outcome="refused")
        raise
    return row


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _judge(row: OneTimeCode, typed: str, at: datetime) -> None:
    alive = OneTimeCode.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=at)
    if not alive.filter(tries__lt=rules.TRIES_MAX).update(tries=F("tries") + 1):
        raise CodeOver()
    if not hmac.compare_digest(row.digest, _digest(row, typed.strip())):
        left = rules.TRIES_MAX - OneTimeCode.objects.values_list("tries", flat=True).get(pk=row.pk)
        if left <= 0:
            raise CodeOver()
        raise CodeWrong(left=left)
    # Of two at once one comes in.
    if not alive.update(used_at=at):
        raise CodeOver()


def come_in(request: HttpRequest, key: str, typed: str, kind: str, at: datetime, *, is_program: bool = False) -> str:
    """The token of a new sign-in for the number that a code was sent to. Raises like `prove_code`, and DealerAccountMissing (422)."""
    row = prove_code(key, typed, kind, at)
    account = _dealer_account(row, at) if kind == DEALER else _customer_account(row, at)
    return _start(request, account, at, "portal.sign_in", is_program=is_program)


def _start(request: HttpRequest, account: Account, at: datetime, verb: str, *, is_program: bool) -> str:
    """A fresh token; the sign-in that this browser had before ends."""
    old: OutsideSession | None = getattr(request, "outside_session", None)
    if old is not None:
        sessions.end(old, at)
    token = sessions.start(request, account, at, is_program=is_program)
    session = sessions.read(token, at)
    actor = steps.actor_of(session, at) if session is not None else None
    note(actor or ANONYMOUS, account, verb)
    return token


def _customer_account(row: OneTimeCode, at: datetime) -> Account:
    return Account.objects.get_or_create(
        kind=row.kind, mobile_hash=row.mobile_hash, defaults={"mobile": row.mobile, "opened_at": at})[0]


def _dealer_account(row: OneTimeCode, at: datetime) -> Account:
    person = channel_queries.person_at(row.mobile_hash)
    if person is None or person.dealer.status != "active":
        audit.record(by=ANONYMOUS, verb="portal.sign_in", facts={"code": DealerAccountMissing.code}, outcome="refused")
        raise DealerAccountMissing()
    account, _is_new = Account.objects.update_or_create(
        kind=row.kind, mobile_hash=row.mobile_hash, defaults={"person": person},
        create_defaults={"person": person, "mobile": row.mobile, "opened_at": at, "bound_at": at})
    return account


def note(actor: Actor, account: Account, verb: str, **facts: Any) -> None:
    """Write a sign-in, sign-out, step-up or binding into the audit trail."""
    audit.record(by=actor, verb=verb, subject=account.subject, facts=facts)


def step_up(session: OutsideSession, actor: Actor, key: str, typed: str, at: datetime) -> OneTimeCode:
    """Prove a code that was asked for by this sign-in. Raises like `prove_code`."""
    row = prove_code(key, typed, session.account.kind, at, session=session)
    sessions.step_up(session, row.about, at)
    note(actor, session.account, "portal.step_up", about=row.about)
    return row


def bind(request: HttpRequest, session: OutsideSession, name: str, id_number: str, at: datetime) -> str:
    """Show whose number it is: name and ID number of the customer in whose file it stands. A number alone shows nothing, since families
    share them and operators hand them out again. Every sign-in of before ends; the answer is the token of a new one.

    Raises IdentityUnknown (422), MobileShared (409), or LockedOut (429) after too many attempts.
    """
    account = session.account
    key = attempts.key_of("portal-bind", account.pk)
    try:
        attempts.spend_attempt(key, at)
        customer = _customer_meant(account, name, id_number, at)
    except BusinessError as refusal:
        audit.record(by=ANONYMOUS, verb="portal.bind", facts={"code": refusal.code}, outcome="refused")
        raise
    attempts.forgive(key)
    Account.objects.filter(pk=account.pk).update(customer=customer, bound_at=at)
    account.customer = customer
    sessions.end_all(account, at)
    return _start(request, account, at, "portal.bind", is_program=session.is_program)


def _customer_meant(account: Account, name: str, id_number: str, at: datetime) -> Customer:
    judged = id_card.judge(id_card.normalise(id_number), at.astimezone(clock.SHANGHAI).date())
    digest = crypto.blind_index(judged.number or id_number, kind="id_number")
    customer = queries.customer_called(names.normalise_person(name), digest, account.mobile_hash)
    if customer is None:
        raise IdentityUnknown()
    if queries.is_shared(account.mobile_hash, customer):
        raise MobileShared()
    return customer


def leave(session: OutsideSession, actor: Actor, at: datetime) -> None:
    """End this sign-in."""
    sessions.end(session, at)
    note(actor, session.account, "portal.sign_out")
