"""Whether the signatures in a paper hold: judged from the bytes as they lie in the vault, and compared with what was recorded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from chezhe.contracts.models import ContractPaper, Signature
from chezhe.contracts.signing import authority, errors, pdf, queries
from chezhe.documents import vault
from chezhe.documents.models import StoredFile


@dataclass(frozen=True, slots=True)
class Line:
    """One signature in the PDF with the row that was written for it, if there is one."""

    found: pdf.Found
    row: Signature | None

    @property
    def holds(self) -> bool:
        return self.found.is_valid and self.row is not None and self.row.certificate_serial == self.found.serial


@dataclass(frozen=True, slots=True)
class Proof:
    """A paper's signatures; `is_unaltered` when the bytes are those that were recorded, and no recorded signature is missing."""

    lines: list[Line]
    by_hand: list[Signature]
    sha256: str
    is_unaltered: bool

    @property
    def holds(self) -> bool:
        return self.is_unaltered and all(line.holds for line in self.lines)


def prove(paper: ContractPaper) -> Proof:
    """Judge a paper now. Raises FileLost (500) when its bytes are gone or were altered in the vault."""
    return _judged(paper, queries.current_files([paper])[paper.pk])


def _judged(paper: ContractPaper, file: StoredFile) -> Proof:
    return judge(paper, vault.read(file.key), file.sha256)


def signed_file(paper: ContractPaper) -> StoredFile:
    """The paper with every electronic signature given so far, all of which hold now. Raises PaperUnsigned or SignaturesBroken (409), or
    FileLost (500)."""
    file = queries.current_files([paper])[paper.pk]
    if file.pk == paper.file_id:
        raise errors.PaperUnsigned(title=paper.title)
    if not _judged(paper, file).holds:
        raise errors.SignaturesBroken(title=paper.title)
    return file


def judge(paper: ContractPaper, document: bytes, recorded_sha256: str) -> Proof:
    """The same for bytes at hand."""
    rows = list(Signature.objects.filter(paper=paper).select_related("party__customer", "signing", "evidence"))
    electronic = {row.signing.number: row for row in rows if row.is_electronic and row.signing is not None}
    try:
        found = pdf.verify(document, authority.trusted())
    except pdf.Unreadable:
        found = []
    digest = hashlib.sha256(document).hexdigest()
    is_complete = {one.field for one in found} == set(electronic)
    return Proof(
        [Line(one, electronic.get(one.field)) for one in found], [row for row in rows if not row.is_electronic], digest,
        digest == recorded_sha256 and is_complete)
