"""Where the signing of a contract stands, and what the worker is to sign."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from chezhe.contracts.models import Contract, ContractPaper, ContractParty, Signature, Signing, SigningLink
from chezhe.contracts.signing import rules
from chezhe.documents import vault
from chezhe.documents.models import StoredFile
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound


def papers_of(contract: Contract) -> list[ContractPaper]:
    """The papers that count: those in whose place no other was printed."""
    return list(contract.papers.filter(voided_at__isnull=True).select_related("file").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been signed of what must be."""

    contract: Contract
    papers: dict[int, ContractPaper]
    parties: dict[int, ContractParty]
    required: list[tuple[int, int]]
    signatures: list[Signature]

    @property
    def pending(self) -> list[tuple[int, int]]:
        signed = {(one.paper_id, one.party_id) for one in self.signatures}
        return [pair for pair in self.required if pair not in signed]

    def required_of(self, party: ContractParty) -> list[ContractPaper]:
        """What this party signs, whether it has or not."""
        return [self.papers[paper] for paper, key in self.required if key == party.pk]

    def pending_of(self, party: ContractParty) -> list[ContractPaper]:
        """What this party has still to sign."""
        return [self.papers[paper] for paper, key in self.pending if key == party.pk]

    def ahead_of(self, party: ContractParty) -> list[ContractParty]:
        """Who must sign before this party and has not."""
        waiting = list(dict.fromkeys(key for _paper, key in self.pending))
        roles = rules.waits_for(party.role, [self.parties[key].role for key in waiting])
        return [self.parties[key] for key in waiting if self.parties[key].role in roles]

    @property
    def next_ones(self) -> list[ContractParty]:
        """Who has something to sign and waits for nobody."""
        waiting = list(dict.fromkeys(key for _paper, key in self.pending))
        return [self.parties[key] for key in waiting if not self.ahead_of(self.parties[key])]

    def signed(self, paper: ContractPaper, party: ContractParty | None) -> Signature | None:
        """The signature of a party, or of the lender, under a paper."""
        key = party.pk if party else None
        return next((one for one in self.signatures if (one.paper_id, one.party_id) == (paper.pk, key)), None)

    @property
    def unsealed(self) -> list[ContractPaper]:
        """The papers that somebody signed electronically and the lender has not sealed."""
        touched = {one.paper_id for one in self.signatures if one.is_electronic}
        return [paper for paper in self.papers.values() if paper.pk in touched and self.signed(paper, None) is None]


def standing(contract: Contract) -> Standing:
    """Where a contract's signing stands."""
    papers = {paper.pk: paper for paper in papers_of(contract)}
    parties = {party.pk: party for party in contract.parties.select_related("customer").order_by("pk")}
    wanted = rules.required(
        [rules.Paper(paper.pk, paper.kind, paper.signer_id) for paper in papers.values()],
        [rules.Party(party.pk, party.role, party.customer_id == contract.vehicle.owner_id) for party in parties.values()],
    )
    rows = list(Signature.objects.filter(contract=contract, paper__in=papers).select_related("file", "evidence", "party__customer"))
    return Standing(contract, papers, parties, wanted, rows)


def place_of(party: ContractParty) -> tuple[int, int]:
    """By which parties are put in the order of signing."""
    return rules.rank(party.role), party.pk


def current_files(papers: Sequence[ContractPaper]) -> dict[int, StoredFile]:
    """Each paper as it is now: with the last electronic signature, else as it was printed."""
    rows = Signature.objects.filter(paper__in=papers, file__isnull=False).select_related("file").order_by("pk")
    return {paper.pk: paper.file for paper in papers} | {row.paper_id: row.file for row in rows if row.file is not None}


def with_signatures(papers: QuerySet[ContractPaper]) -> QuerySet[ContractPaper]:
    """Papers that know whether an electronic signature stands in them (`has_signature`)."""
    return papers.annotate(has_signature=Exists(Signature.objects.filter(paper=OuterRef("pk"), file__isnull=False)))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper that the worker is to sign: its bytes as they are now."""

    paper: ContractPaper
    document: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.document).hexdigest()


def asked(number: str) -> Signing | None:
    """A sitting that waits for its signatures."""
    rows = Signing.objects.select_related("contract", "party__customer").filter(number=number, status="asked")
    return rows.first()


def sheets(signing: Signing) -> list[Sheet]:
    """What is to be signed in a sitting and has not been, with the bytes."""
    done = set(signing.signatures.values_list("paper_id", flat=True))
    papers = list(ContractPaper.objects.filter(pk__in=[key for key in signing.paper_ids if key not in done]).select_related("file"))
    files = current_files(papers)
    return [Sheet(paper, vault.read(files[paper.pk].key)) for paper in papers]


def own_papers(link: SigningLink) -> tuple[Standing, ContractParty, list[ContractPaper]]:
    """Where the contract of a link stands, whose link it is, and the papers that this party signs."""
    found = standing(link.contract)
    party = found.parties[link.party_id]
    return found, party, found.required_of(party)


def forgotten(before: datetime) -> list[Signing]:
    """Sittings that were asked for before a moment and still wait: their own job was lost, or an outsider is silent."""
    return list(Signing.objects.filter(status="asked", asked_at__lt=before).order_by("pk")[:200])


def signings(contract: Contract) -> list[Signing]:
    """The sittings of a contract, newest first."""
    return list(contract.signings.select_related("party__customer").order_by("-pk"))


def links(contract: Contract) -> dict[int, SigningLink]:
    """The link that lives for each party."""
    rows = SigningLink.objects.filter(contract=contract, ended_at__isnull=True, expires_at__gt=clock.now())
    return {link.party_id: link for link in rows}


def link(key: str, actor: Actor) -> SigningLink:
    """One link. Raises NotFound (404)."""
    return SigningLink.objects.visible_to(actor).select_related("contract", "party__customer").fetch(key)


def link_of_token(token: str) -> SigningLink:
    """The link that a token still opens. Raises NotFound (404) for everything else, whatever is wrong with it."""
    found = _living().filter(token_hash=digest(token), used_at__isnull=True).first()
    if found is None:
        raise NotFound(what="")
    return found


def link_of_sitting(token: str) -> SigningLink | None:
    """The link whose code was right, while the sitting lasts."""
    if not token:
        return None
    return _living().filter(sitting_hash=digest(token), used_at__gt=clock.now() - rules.SITTING_LASTS).first()


def sitting(key: str) -> SigningLink | None:
    """The link of this key, if its code was right and the sitting lasts."""
    return _living().filter(key=key, used_at__gt=clock.now() - rules.SITTING_LASTS).first()


def _living() -> QuerySet[SigningLink]:
    now = clock.now()
    rows = SigningLink.objects.filter(ended_at__isnull=True, expires_at__gt=now, contract__status="prepared")
    return rows.select_related("contract__vehicle", "party__customer")


def digest(secret: str) -> str:
    """What is kept of a token or a code."""
    return hashlib.sha256(secret.encode()).hexdigest()
