"""Signatures inside a PDF: each an incremental update behind the one before, so that the earlier ones stay whole.

Work for the worker, never inside a transaction: each signature fetches a time stamp. pyHanko wants an event loop of its own, which
the thread at hand may have already, so it gets a thread.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from chezhe.contracts.signing.authority import Identity

T = TypeVar("T")
# A request of RFC 3161 in, the answer out.
Stamp = Callable[[bytes], bytes]
# As hexadecimal digits: a certificate, a signature and a token take about half of it.
_RESERVED = 14_000


class Unreadable(ValueError):
    """Bytes that are no PDF, or one that was broken."""


@dataclass(frozen=True, slots=True)
class Found:
    """One signature as it was found: `is_valid` when the bytes it covers are unaltered, its certificate leads to a trusted root, the time
    stamp holds, and nothing but further signatures came after it."""

    field: str
    name: str
    serial: str
    signed_at: datetime | None
    is_valid: bool


def sign(document: bytes, identity: Identity, *, field: str, reason: str, at: datetime, stamp: Stamp) -> bytes:
    """The document with one more signature in a new invisible field. Raises what `stamp` raises."""
    return _apart(_sign(document, identity, field, reason, at, stamp))


def verify(document: bytes, roots: Sequence[x509.Certificate], *, only_last: bool = False) -> list[Found]:
    """Every signature of a document, the first one first. Raises Unreadable.

    `only_last` for a document whose earlier part is known byte by byte: the last signature covers all of it."""
    return _apart(_verify(document, [_loaded(root) for root in roots], only_last))


def _apart(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, done in a thread with a loop of its own and with what this context knows (the clock, the way outside)."""
    done: list[T] = []
    failed: list[BaseException] = []
    context = copy_context()

    def run() -> None:
        try:
            done.append(context.run(asyncio.run, work))
        except BaseException as failure:
            failed.append(failure)

    thread = threading.Thread(target=run, name="pdf-signing")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


class _Stamper(TimeStamper):
    def __init__(self, stamp: Stamp) -> None:
        super().__init__()
        self.stamp = stamp

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self.stamp(req.dump()))


async def _sign(document: bytes, identity: Identity, field: str, reason: str, at: datetime, stamp: Stamp) -> bytes:
    signer = signers.SimpleSigner(
        signing_cert=_loaded(identity.certificate), signing_key=_private(identity), cert_registry=SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(field_name=field, reason=reason, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    begun = signers.PdfSigner(meta, signer, timestamper=_Stamper(stamp))
    session = begun.init_signing_session(IncrementalPdfFileWriter(io.BytesIO(document)))
    # pyHanko would ask the machine's clock.
    session.system_time = at
    ready = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    digest, output = ready.digest_tbs_document()
    signed = await ready.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=at))
    await signed.post_signature_processing(output)
    return bytes(output.getvalue())


async def _verify(document: bytes, roots: list[asn1_x509.Certificate], only_last: bool) -> list[Found]:
    try:
        reader = PdfFileReader(io.BytesIO(document))
        embedded = list(reader.embedded_regular_signatures)
    except Exception as failure:
        raise Unreadable("no PDF that can be read") from failure
    chosen = embedded[-1:] if only_last else embedded
    return [await _found(one, roots, is_last=one is embedded[-1], skips=only_last) for one in chosen]


async def _found(one: EmbeddedPdfSignature, roots: list[asn1_x509.Certificate], *, is_last: bool, skips: bool) -> Found:
    said = {"field": one.field_name, "name": "", "serial": ""}
    try:
        said |= {"name": _name_of(one.signer_cert), "serial": f"{one.signer_cert.serial_number:x}"}
        at = next(extract_tst_data_iter(one.signer_info, signed=False))["encap_content_info"]["content"].parsed["gen_time"].native
        context = ValidationContext(trust_roots=roots, moment=at, allow_fetching=False)
        status = await async_validate_pdf_signature(one, context, ts_validation_context=context, skip_diff=skips)
        covers = one.evaluate_signature_coverage().name
    except Exception:
        # Whatever a broken or forged signature makes the library stumble over, it does not hold.
        return Found(**said, signed_at=None, is_valid=False)
    is_whole = covers == "ENTIRE_FILE" if is_last else covers in ("ENTIRE_FILE", "ENTIRE_REVISION")
    stamped = status.timestamp_validity
    is_stamped = stamped is not None and stamped.valid and stamped.trusted
    return Found(**said, signed_at=at, is_valid=bool(status.bottom_line and is_whole and is_stamped))


def _name_of(certificate: asn1_x509.Certificate) -> str:
    said = certificate.subject.native
    return str(said.get("common_name") or said.get("organization_name") or "")


def _loaded(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _private(identity: Identity) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(identity.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
