"""Everything that proves one contract, in one archive: papers, scans, confirmations, moves and the trail, each with its digest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chezhe.contracts import queries
from chezhe.contracts.models import Contract
from chezhe.documents import queries as document_queries
from chezhe.documents import vault
from chezhe.kernel.models import AuditEntry

MANIFEST = "manifest.json"
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Pack:
    """The archive and the digest of its list: the same evidence of the same moment gives the same list."""

    contract: Contract
    name: str
    data: bytes
    digest: str

    @property
    def subject(self) -> str:
        return self.contract.subject


def packed(contract: Contract, *, at: datetime, taken_by: str) -> Pack:
    """Read everything kept of a contract and pack it. Raises FileLost (500) when bytes are missing."""
    files = [(f"{file.category}/{file.pk:06d}-{file.original_name}", file) for file in document_queries.of(contract.subject).order_by("pk")]
    contents = {name.replace("\\", "_"): vault.read(file.key) for name, file in files}
    listed = [{"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in contents.items()]
    manifest = {
        "contract": contract.number, "status": contract.status, "taken_at": at.isoformat(), "taken_by": taken_by, "files": listed,
        "papers": [_paper(paper) for paper in contract.papers.all()], "cost_sheets": _sheets(contract), "parties": _parties(contract),
        "signatures": _signatures(contract),
        "moves": [_move(move) for move in reversed(queries.track(contract))], "trail": _trail(contract),
    }
    said = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {MANIFEST: said, **contents}.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED), data, zipfile.ZIP_DEFLATED)
    return Pack(contract, f"{contract.number}-evidence.zip", body.getvalue(), hashlib.sha256(said).hexdigest())


def _paper(paper: Any) -> dict[str, Any]:
    return {
        "kind": paper.kind, "consent": paper.consent_kind, "code": paper.code, "edition": paper.edition, "print_number": paper.print_number,
        "sha256": paper.pdf_sha256, "page_sha256": paper.page_hashes, "printed_at": paper.printed_at.isoformat(),
        "signer": paper.signer.customer.number if paper.signer else None, "is_void": paper.voided_at is not None,
    }


def _sheets(contract: Contract) -> list[dict[str, Any]]:
    rows = contract.cost_sheets.select_related("confirmation__evidence", "confirmation__reading").order_by("version")
    return [{"version": sheet.version, "code": sheet.code, "sha256": sheet.pdf_sha256, "items": sheet.items,
             "confirmation": _confirmation(getattr(sheet, "confirmation", None))} for sheet in rows]


def _signatures(contract: Contract) -> list[dict[str, Any]]:
    rows = contract.signatures.select_related("paper", "party__customer", "file", "evidence", "signing").order_by("pk")
    return [{"paper": row.paper.code, "customer": row.party.customer.number if row.party else None, "channel": row.channel,
             "signed_at": row.signed_at.isoformat(), "device": row.device, "paper_sha256": row.paper_sha256,
             "signed_sha256": row.file.sha256 if row.file else None, "evidence_sha256": row.evidence.sha256 if row.evidence else None,
             "certificate_serial": row.certificate_serial, "signing": row.signing.number if row.signing else None} for row in rows]


def _confirmation(said: Any) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "confirmed_at": said.confirmed_at.isoformat(), "confirmed_on": said.confirmed_on.isoformat(), "channel": said.channel,
        "opened_at": said.reading.opened_at.isoformat() if said.reading else None, "seconds": said.dwell_seconds,
        "evidence_sha256": said.evidence.sha256 if said.evidence else None, "digest": said.digest,
    }


def _parties(contract: Contract) -> list[dict[str, Any]]:
    return [{"customer": row.customer.number, "role": row.role, "signed_on": row.signed_on.isoformat() if row.signed_on else None,
             "channel": row.channel, "witness": row.witnessed_by_name} for row in contract.parties.all()]


def _move(move: Any) -> dict[str, Any]:
    return {"subject": move.subject, "verb": move.verb, "to": move.status_to, "at": move.moved_at.isoformat(), "by": move.actor_name}


def _trail(contract: Contract) -> list[dict[str, Any]]:
    rows = AuditEntry.objects.filter(subject=contract.subject).order_by("pk")
    return [{"at": row.recorded_at.isoformat(), "by": row.actor_name, "verb": row.verb, "outcome": row.outcome, "row_sha256": row.row_hash}
            for row in rows]
