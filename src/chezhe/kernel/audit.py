"""The audit trail: rows hashed as they are written, chained once a second, signed once a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from chezhe.kernel import appending, bulk, clock, context, crypto
from chezhe.kernel.actor import Actor
from chezhe.kernel.models import AuditEntry, AuditRoot, AuditSeal

GENESIS = "0" * 64
_SEALER_LOCK = 0x43485A5345414C  # advisory lock: one sealer at a time
SUBJECT_MAX = 80
# How far behind the newest sealed entry a late commit is looked for. No transaction stays open over 100,000 entries; most are
# found among the last few thousand, and looking there is a hundred times cheaper.
NEAR, FAR = 2_000, 100_000
_HASHED = ("actor_key", "actor_name", "roles", "on_behalf_of", "verb", "subject", "outcome", "facts", "reason",
           "request_id", "ip_address")


def record(
    *, by: Actor, verb: str, subject: str = "", facts: Mapping[str, Any] | None = None,
    reason: str = "", outcome: str = "done",
) -> None:
    """Append one row at the end of the action, in its transaction.

    `facts` hold references and figures, never names or numbers of people.
    """
    serving = context.current()
    entry = AuditEntry(
        recorded_at=clock.now(), actor_key=by.key, actor_name=by.name, roles=",".join(sorted(by.roles)),
        # A refused request may have named anything at all.
        on_behalf_of=str(by.on_behalf_of_id or ""), verb=verb, subject=subject[:SUBJECT_MAX], outcome=outcome,
        facts=dict(facts or {}), reason=reason, request_id=serving.request_id if serving else "",
        ip_address=(serving.ip_address or None) if serving else None,
    )
    entry.row_hash = row_hash(entry)
    appending.append(entry)


def row_hash(entry: AuditEntry) -> str:
    """SHA-256 over the canonical JSON of what the row says."""
    said = {name: getattr(entry, name) for name in _HASHED}
    said["recorded_at"] = entry.recorded_at.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds")
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def seal(limit: int = 10_000, reach: int = FAR) -> int:
    """Chain the rows that wait; returns how many. Late commits join the chain when they appear within `reach`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        waiting = list(unsealed(reach).values_list("id", "row_hash")[:limit])
        last = AuditSeal.objects.order_by("-id").first()
        head = last.chain_hash if last else GENESIS
        seals = []
        for entry_id, digest in waiting:
            head = _link(head, entry_id, digest)
            seals.append(AuditSeal(entry_id=entry_id, row_hash=digest, chain_hash=head))
        bulk.insert(seals)
        return len(seals)


def unsealed(reach: int = FAR) -> Any:
    """Entries that the chain does not hold yet, oldest first."""
    sealed = AuditSeal.objects.all().values("entry_id")
    newest = AuditSeal.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    return AuditEntry.objects.filter(id__gt=newest - reach).exclude(id__in=sealed.filter(entry_id__gt=newest - reach)).order_by("id")


def _link(head: str, entry_id: int, digest: str) -> str:
    return hashlib.sha256(f"{head}|{entry_id}|{digest}".encode()).hexdigest()


def sign_day(day: date) -> AuditRoot | None:
    """Sign the chain's head as the root of `day`; None when nothing is sealed or the day has its root."""
    last = AuditSeal.objects.order_by("-id").first()
    if last is None or AuditRoot.objects.filter(day=day).exists():
        return None
    entries = AuditSeal.objects.count()
    return AuditRoot.objects.create(
        day=day, last_seal_id=last.id, entries=entries, chain_hash=last.chain_hash,
        signature=_signature(day, last.id, entries, last.chain_hash),
    )


def _signature(day: date, seal_id: int, entries: int, chain_hash: str) -> str:
    return crypto.sign(f"{day.isoformat()}|{seal_id}|{entries}|{chain_hash}".encode(), purpose="audit-root")


@dataclass(frozen=True, slots=True)
class Verification:
    """`first_fault` names the altered, missing or reordered row; `unsealed_tail` counts rows not yet chained."""

    checked: int
    unsealed_tail: int
    first_fault: str | None

    @property
    def is_intact(self) -> bool:
        return self.first_fault is None


def verify(since: AuditRoot | None = None) -> Verification:
    """Recompute every hash, link and signed root; with `since`, only what was chained after that signed root."""
    checked, head, fault = (since.entries, since.chain_hash, None) if since else (0, GENESIS, None)
    start = since.last_seal_id if since else 0
    heads: dict[int, tuple[int, str]] = {}
    roots = {root.last_seal_id: root for root in AuditRoot.objects.filter(last_seal_id__gt=start).order_by("day")}
    for seal_row, entry in _sealed_rows(start):
        fault = _fault_of(seal_row, entry, head)
        if fault:
            break
        head, checked = seal_row.chain_hash, checked + 1
        if seal_row.id in roots:
            heads[seal_row.id] = (checked, head)
    fault = fault or _root_fault(roots, heads)
    tail = 0
    for entry in unsealed().iterator(chunk_size=2000):
        tail += 1
        if fault is None and row_hash(entry) != entry.row_hash:
            fault = f"audit entry {entry.id} was altered before it was sealed"
    return Verification(checked, tail, fault)


def _sealed_rows(after: int) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    """Seals behind the id `after` in chain order, each with the entry it seals (None when somebody removed it)."""
    batch: list[AuditSeal] = []
    for seal_row in AuditSeal.objects.filter(id__gt=after).order_by("id").iterator(chunk_size=2000):
        batch.append(seal_row)
        if len(batch) == 2000:
            yield from _with_entries(batch)
            batch = []
    yield from _with_entries(batch)


def _with_entries(batch: list[AuditSeal]) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    entries = AuditEntry.objects.in_bulk([s.entry_id for s in batch])
    for seal_row in batch:
        yield seal_row, entries.get(seal_row.entry_id)


def _fault_of(seal_row: AuditSeal, entry: AuditEntry | None, head: str) -> str | None:
    if entry is None:
        return f"audit entry {seal_row.entry_id} is missing"
    if row_hash(entry) != seal_row.row_hash:
        return f"audit entry {seal_row.entry_id} was altered"
    if _link(head, seal_row.entry_id, seal_row.row_hash) != seal_row.chain_hash:
        return f"the chain is broken at audit entry {seal_row.entry_id}"
    return None


def _root_fault(roots: dict[int, AuditRoot], heads: dict[int, tuple[int, str]]) -> str | None:
    for seal_id, root in roots.items():
        if _signature(root.day, seal_id, root.entries, root.chain_hash) != root.signature:
            return f"the signed root of {root.day} was altered"
        if heads.get(seal_id) != (root.entries, root.chain_hash):
            return f"the chain no longer holds what was signed on {root.day}"
    return None
