"""The consent ledger: what a person agreed to, and whether it still stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import labels
from chezhe.compliance.models import Consent, ConsentText
from chezhe.kernel import appending, clock, locks
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import BusinessError, Invalid


class ConsentMissing(BusinessError):
    code = "consent_missing"
    http_status = 409
    sentence = _("%(subject)s 没有有效的“%(kind)s”同意，不能继续；请先取得同意。")


class ConsentNotGiven(BusinessError):
    code = "consent_not_given"
    http_status = 409
    sentence = _("没有可以撤回的“%(kind)s”同意。")


def grant(
    *, subject: str, kind: str, on: date, channel: str, evidence: str, by: Actor, detail: str = "",
    expires_on: date | None = None,
) -> Consent:
    """Write that a person agreed on `on` to the text in force that day. Raises Invalid (422) for a bad value."""
    _require_known(kind, channel)
    if not evidence.strip():
        raise Invalid(field="evidence", code="evidence_missing", sentence=_("请填写证明编号，例如签字扫描件或录音的编号。"))
    if expires_on is not None and expires_on < on:
        raise Invalid(field="expires_on", code="expires_before", sentence=_("到期日不能早于同意日。"))
    text = current_text(kind, on)
    return _write(subject, kind, text, True, on, channel, evidence, detail, expires_on, by)


def withdraw(*, subject: str, kind: str, on: date, channel: str, evidence: str, by: Actor) -> Consent:
    """Write that the person took the consent back; it stops counting at once. Raises ConsentNotGiven (409)."""
    _require_known(kind, channel)
    locks.hold(f"consent:{subject}:{kind}")
    standing = _latest(subject, kind)
    if standing is None or not standing.is_granted:
        raise ConsentNotGiven(kind=dict(labels.CONSENT_KINDS)[kind])
    return _write(subject, kind, standing.text, False, on, channel, evidence, standing.detail, None, by)


def _write(
    subject: str, kind: str, text: ConsentText | None, is_granted: bool, on: date, channel: str, evidence: str,
    detail: str, expires_on: date | None, by: Actor,
) -> Consent:
    line = Consent(
        subject=subject, kind=kind, text=text, is_granted=is_granted, given_on=on, channel=channel, evidence=evidence,
        detail=detail, expires_on=expires_on, recorded_at=clock.now(), recorded_by_name=by.name,
    )
    appending.insert(line)
    return line


def _require_known(kind: str, channel: str) -> None:
    if kind not in dict(labels.CONSENT_KINDS):
        raise Invalid(field="kind", code="consent_kind_unknown", sentence=_("没有这种同意。"))
    if channel not in dict(labels.EVIDENCE_CHANNELS):
        raise Invalid(field="channel", code="consent_channel_unknown", sentence=_("没有这种取得方式。"))


def current_text(kind: str, on: date) -> ConsentText | None:
    """The version of the text that people are asked to agree to on a day; None before the first one."""
    return next(iter(_TEXT.objects(kind, on)), None)


def has_consent(subject: str, kind: str, on: date) -> bool:
    """Whether the last word of the ledger up to `on` is a consent that has not run out."""
    return _counts(_latest(subject, kind, on), on)


def with_consent(subjects: Iterable[str], kind: str, on: date) -> set[str]:
    """Those of many subjects for whom `has_consent` holds; one question however many they are."""
    entries = Consent.objects.filter(subject__in=list(subjects), kind=kind, given_on__lte=on).order_by("subject", "-id").distinct("subject")
    return {last.subject for last in entries if last.is_granted and (last.expires_on is None or on <= last.expires_on)}


def require_consent(subject: str, kind: str, on: date) -> Consent:
    """The consent in force; raises ConsentMissing (409) when there is none, it ran out or was withdrawn."""
    last = _latest(subject, kind, on)
    if last is None or not _counts(last, on):
        raise ConsentMissing(subject=subject.partition(":")[2] or subject, kind=dict(labels.CONSENT_KINDS).get(kind, kind))
    return last


def _counts(last: Consent | None, on: date) -> bool:
    return last is not None and last.is_granted and (last.expires_on is None or on <= last.expires_on)


def _latest(subject: str, kind: str, on: date | None = None) -> Consent | None:
    return next(iter(_NEWEST.objects(subject, kind) if on is None else _NEWEST_ON.objects(subject, kind, on)), None)


_TEXT = Composed(
    lambda kind, on: ConsentText.objects.filter(kind=kind, effective_from__lte=on).order_by("-version")[:1], "?", date(1900, 1, 1))
_NEWEST = Composed(lambda subject, kind: Consent.objects.filter(subject=subject, kind=kind).order_by("-id")[:1], "?s", "?k")
_NEWEST_ON = Composed(
    lambda subject, kind, on: Consent.objects.filter(subject=subject, kind=kind, given_on__lte=on).order_by("-id")[:1],
    "?s", "?k", date(1900, 1, 1))
