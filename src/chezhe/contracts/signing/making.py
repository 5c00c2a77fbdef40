"""Putting signatures under papers, here by the test authority or by an outside provider. For the worker, outside every transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.conf import settings

from chezhe.compliance import queries as compliance_queries
from chezhe.contracts.models import Signing
from chezhe.contracts.signing import authority, pdf
from chezhe.contracts.signing.queries import Sheet
from chezhe.contracts.signing.steps import Signed
from chezhe.contracts.vendors.esign import client as provider
from chezhe.contracts.vendors.timestamp import client as timestamp
from chezhe.customers import queries as customer_queries
from chezhe.kernel import clock

REASON, SEALING = "签署", "签章"
# As many papers wait for the authority of time stamps at once.
AT_ONCE = 4


class Failed(Exception):
    """A signature that will not come, with our own code for why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def make(signing: Signing, sheets: Sequence[Sheet]) -> list[Signed]:
    """The papers that are signed by now. Raises outside.Unreachable, Failed, or AuthorityRefused (503)."""
    signer = signer_of(signing)
    if settings.ESIGN == "provider":
        found = [_by_provider(signing, signer, sheet) for sheet in sheets]
        return [one for one in found if one is not None]
    identity = authority.issue(signer, at=clock.now())
    return _side_by_side(lambda sheet: _here(signing, identity, sheet), sheets)


def _side_by_side(work: Callable[[Sheet], Signed], sheets: Sequence[Sheet]) -> list[Signed]:
    """Each paper waits for a time stamp of its own, and while one waits the next is prepared; each thread knows what this one does (the
    clock, the way outside). Raises what the first of them raises."""
    with ThreadPoolExecutor(min(len(sheets), AT_ONCE) or 1, thread_name_prefix="signing") as pool:
        begun = [pool.submit(copy_context().run, work, sheet) for sheet in sheets]
        return [one.result() for one in begun]


def signer_of(signing: Signing) -> authority.Signer:
    """To whom the certificate is made out: the party, or the lender."""
    if signing.party is None:
        lender = compliance_queries.lender()
        return authority.Signer(lender.name, lender.uscc, is_person=False)
    customer = signing.party.customer
    return authority.Signer(customer.name, customer.number, is_person=customer.is_person)


def _here(signing: Signing, identity: authority.Identity, sheet: Sheet) -> Signed:
    made = pdf.sign(
        sheet.document, identity, field=signing.number, reason=_reason(signing), at=clock.now(), stamp=timestamp.stamp)
    return _proved(sheet, made)


def _by_provider(signing: Signing, signer: authority.Signer, sheet: Sheet) -> Signed | None:
    reference = f"{signing.number}.{signing.attempt}.{sheet.paper.pk}.{sheet.sha256[:12]}"
    standing = provider.query(reference)
    if standing.status == "unknown":
        standing = provider.order(provider.Order(
            reference=reference, document=sheet.document, field=signing.number, reason=_reason(signing), signer=signer,
            mobile=signing.link.mobile if signing.link else _mobile(signing),
        ))
    if standing.status == "refused":
        raise Failed(standing.code.lower() or "refused")
    return _proved(sheet, standing.document) if standing.status == "signed" else None


def _proved(sheet: Sheet, made: bytes) -> Signed:
    """What came back is the very paper with one valid signature more. Raises Failed."""
    if not made.startswith(sheet.document):
        raise Failed("another_document")
    try:
        last = pdf.verify(made, authority.trusted(), only_last=True)[0]
    except (pdf.Unreadable, IndexError):
        raise Failed("bad_signature") from None
    if not last.is_valid or last.signed_at is None:
        raise Failed("bad_signature")
    return Signed(
        paper_id=sheet.paper.pk, base_sha256=sheet.sha256, document=made, serial=last.serial, signed_at=last.signed_at)


def _reason(signing: Signing) -> str:
    return SEALING if signing.party is None else REASON


def _mobile(signing: Signing) -> str:
    if signing.party is None:
        return ""
    return customer_queries.main_mobile(signing.party.customer)
