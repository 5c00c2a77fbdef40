"""Shared work of signing: whose turn it is, what a sitting leaves behind, and when the contract is signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from chezhe.compliance import steps as compliance
from chezhe.contracts import casework
from chezhe.contracts.errors import CostSheetFirst
from chezhe.contracts.models import (
    SIGNING_PREFIX,
    Contract,
    ContractPaper,
    ContractParty,
    Signature,
    Signing,
    SigningLink,
)
from chezhe.contracts.printing.steps import require_printed
from chezhe.contracts.signing import errors, queries, rules
from chezhe.contracts.signing.queries import Standing
from chezhe.contracts.states import CONTRACT, SIGNING
from chezhe.documents import steps as document_steps
from chezhe.documents.models import StoredFile
from chezhe.kernel import clock, events, jobs, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import freezing
from chezhe.risk.screening.queries import frozen_among

JOB, HELD = "contracts.sign_papers", "held"


@dataclass(frozen=True, slots=True)
class Place:
    """From where somebody signs: what the browser says it is, and the address."""

    device: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One paper as it came back: the digest of what was signed, the result, whose certificate, and when by the time stamp."""

    paper_id: int
    base_sha256: str
    document: bytes
    serial: str
    signed_at: datetime


def require_open(contract: Contract, *, by: Actor) -> None:
    """A locked contract may be signed now. Raises WrongState, PapersNotReady, PapersFailed, BusinessHeld or CostSheetFirst (409)."""
    CONTRACT.require(contract.status, "sign")
    require_printed(contract)
    freezing.require_free(casework.people_of(contract), by=by)
    if contract.needs_cost_sheet and contract.cost_sheet_on is None:
        raise CostSheetFirst()


def require_turn(standing: Standing, parties: Collection[ContractParty]) -> None:
    """These sign now, together. Raises WrongOrder, NothingToSign or SigningUnderWay (409)."""
    for party in parties:
        ahead = [one for one in standing.ahead_of(party) if one not in parties]
        if ahead:
            raise errors.WrongOrder(who=in_words(ahead))
        if not standing.pending_of(party):
            raise errors.NothingToSign(who=party.customer.masked_name)
        if Signing.objects.filter(party=party, status="asked").exists():
            raise errors.SigningUnderWay(who=party.customer.masked_name)


def in_words(parties: Iterable[ContractParty]) -> str:
    """Roles and masked names in one line."""
    return gettext("、").join(f"{one.get_role_display()} {one.customer.masked_name}" for one in parties)


def ask(
    standing: Standing, party: ContractParty | None, *, channel: str, place: Place, link: SigningLink | None = None, by: Actor,
    failure_code: str = "",
) -> Signing:
    """Record that a party, or the lender, signs what is open; the worker does it once this is committed. One that failed before is taken up
    again under the same number."""
    contract = standing.contract
    papers = standing.pending_of(party) if party else standing.unsealed
    row = Signing.objects.select_for_update(no_key=True).filter(contract=contract, party=party, status="failed").first() or Signing(
        number=numbers.next_number(SIGNING_PREFIX, clock.today()), contract=contract, party=party, attempt=0)
    was = row.status if row.pk else ""
    row.paper_ids, row.channel, row.link = [paper.pk for paper in papers], channel, link
    row.device, row.address = place.device, place.address
    row.asked_at, row.asked_by_name, row.attempt = clock.now(), by.name, row.attempt + 1
    row.status, row.failure_code = ("failed", failure_code) if failure_code else ("asked", "")
    row.save()
    moves.record(row.subject, "retry" if was else "ask", was, row.status, by=by, reason=failure_code)
    if not failure_code:
        jobs.enqueue(JOB, number=row.number)
    return row


def sign_by_hand(
    standing: Standing, parties: Collection[ContractParty], *, on: date, channel: str, evidence: StoredFile, by: Actor
) -> None:
    """These signed with a pen: one scan proves it for all their papers."""
    now, files = clock.now(), queries.current_files(list(standing.papers.values()))
    rows = [
        Signature(
            contract=standing.contract, paper=paper, party=party, channel=channel, signed_on=on, signed_at=now, evidence=evidence,
            paper_sha256=files[paper.pk].sha256, recorded_at=now, recorded_by_name=by.name)
        for party in parties for paper in standing.pending_of(party)
    ]
    Signature.objects.bulk_create(rows)
    for party in parties:
        party.signed_on, party.channel, party.witnessed_by_name = on, channel, by.name
        _grant(party, [row.paper for row in rows if row.party == party], on, "paper", by=by)
    ContractParty.objects.bulk_update(parties, ["signed_on", "channel", "witnessed_by_name"])
    drop(standing.contract, parties, gettext("已在柜面签署"), by=by)
    conclude(standing.contract, on, by=by)


def keep(signing: Signing, papers: dict[int, ContractPaper], signed: Iterable[Signed], *, by: Actor) -> int:
    """Keep what came back for a locked sitting; what was put under something older is left out. Returns how many were kept."""
    files, kept = queries.current_files(list(papers.values())), 0
    done = set(signing.signatures.values_list("paper_id", flat=True))
    for one in signed:
        if one.paper_id in done or one.paper_id not in papers or files[one.paper_id].sha256 != one.base_sha256:
            continue
        _keep_one(signing, papers[one.paper_id], one, by)
        kept += 1
    return kept


def _keep_one(signing: Signing, paper: ContractPaper, one: Signed, by: Actor) -> None:
    contract, now = signing.contract, clock.now()
    file = document_steps.store_printed(
        one.document, name=f"{paper.title}-{contract.number}-{signing.number}.pdf", subject=contract.subject, category=paper.kind,
        branch_id=contract.branch_id, by=by,
    )
    Signature.objects.create(
        contract=contract, paper=paper, party=signing.party, signing=signing, channel=signing.channel,
        signed_on=one.signed_at.astimezone(clock.SHANGHAI).date(), signed_at=one.signed_at, device=signing.device, address=signing.address,
        paper_sha256=one.base_sha256, file=file, certificate_serial=one.serial, recorded_at=now, recorded_by_name=by.name,
    )


def finish(signing: Signing, on: date, *, by: Actor) -> None:
    """Every paper of a locked sitting is signed: so is the party, and perhaps the contract."""
    signing.finished_at = clock.now()
    signing.save(update_fields=["finished_at"])
    moves.move(signing, SIGNING, "finish", by=by)
    events.publish("contract.party_signed", signing.contract.subject, {"number": signing.contract.number, "signing": signing.number})
    party = signing.party
    if party is not None:
        _grant(party, [row.paper for row in signing.signatures.select_related("paper")], on, "e_sign", by=by)
    if party is not None and party.signed_on is None and not queries.standing(signing.contract).pending_of(party):
        party.signed_on, party.channel, party.witnessed_by_name = on, "e_sign", signing.asked_by_name
        party.save(update_fields=["signed_on", "channel", "witnessed_by_name"])
    if signing.link is not None:
        end_link(signing.link, gettext("已签署"), by=by)
    conclude(signing.contract, on, by=by)


def _grant(party: ContractParty, papers: Iterable[ContractPaper], on: date, channel: str, *, by: Actor) -> None:
    """Whoever signs the paper of a consent has given it; one that stands already is not written again."""
    subject = party.customer.subject
    for paper in papers:
        if paper.consent_kind and not compliance.has_consent(subject, paper.consent_kind, on):
            compliance.grant(subject=subject, kind=paper.consent_kind, on=on, channel=channel, evidence=paper.code, by=by)


def conclude(contract: Contract, on: date, *, by: Actor) -> None:
    """Once every party has signed every paper, the lender's seal follows; then the contract is signed. A freeze in between keeps the seal
    back, not what people have signed."""
    standing = queries.standing(contract)
    if contract.status != "prepared" or standing.pending:
        return
    if standing.unsealed:
        if not Signing.objects.filter(contract=contract, party=None, status__in=["asked", "failed"]).exists():
            held = HELD if frozen_among(casework.people_of(contract)) else ""
            ask(standing, None, channel=rules.SEAL, place=Place("", ""), by=by, failure_code=held)
        return
    contract.signed_on = on
    contract.save(update_fields=["signed_on"])
    moves.move(contract, CONTRACT, "sign", by=by)
    events.publish("contract.signed", contract.subject, {"number": contract.number, "signed_on": on.isoformat()})


def drop(contract: Contract, parties: Collection[ContractParty] | None, reason: str, *, by: Actor) -> None:
    """End the links and open sittings of these parties, or of all and the lender's, too."""
    links = SigningLink.objects.filter(contract=contract, ended_at__isnull=True)
    open_ones = Signing.objects.select_for_update(no_key=True).filter(contract=contract, status__in=["asked", "failed"])
    if parties is not None:
        links, open_ones = links.filter(party__in=parties), open_ones.filter(party__in=parties)
    for link in links:
        end_link(link, reason, by=by)
    for one in open_ones.order_by("pk"):
        moves.move(one, SIGNING, "drop", by=by, reason=reason)


def end_link(link: SigningLink, reason: str, *, by: Actor) -> None:
    """The link opens nothing any more. Ending it again changes nothing."""
    if link.ended_at is not None:
        return
    link.ended_at, link.ended_reason = clock.now(), reason[:200]
    link.save(update_fields=["ended_at", "ended_reason"])
    moves.record(link.subject, "end", "open", "ended", by=by, reason=reason)
