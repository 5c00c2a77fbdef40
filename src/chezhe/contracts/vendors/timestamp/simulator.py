"""A time-stamping authority: signs every digest with the moment of the (virtual) clock, by the test authority of this machine."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from datetime import datetime
from typing import ClassVar

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chezhe.contracts.signing import authority
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator

# A policy of nobody's: the arc of tests.
POLICY = "2.999.1"
_SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})


@simulators.register
class TimestampSimulator(Simulator):
    """It remembers nothing: every request gets a token of its own."""

    name, remembers = "timestamp", False
    faults: ClassVar[Faults] = Faults()

    def answer(self, call: Call) -> Answer:
        if call.path != "/tokens":
            return Answer(404, {"code": "NO_SUCH_PATH"})
        try:
            answer = granted(base64.b64decode(str(call.body.get("request", "")), validate=True), call.at)
        except (ValueError, TypeError, binascii.Error):
            return Answer(400, {"code": "BAD_REQUEST"})
        return Answer(200, {"response": base64.b64encode(answer).decode()})

    def whim(self, call: Call) -> str:
        return hashlib.sha256(str(call.body.get("request", "")).encode()).hexdigest()


def granted(request: bytes, at: datetime) -> bytes:
    """The answer to a request at a moment, both as DER: a token, or a rejection of another digest than SHA-256. Raises ValueError or
    TypeError for what is no request."""
    wanted = tsp.TimeStampReq.load(request, strict=True)
    imprint = wanted["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or len(imprint["hashed_message"].native) != 32:
        return bytes(tsp.TimeStampResp({"status": {"status": "rejection"}}).dump())
    said = {"version": "v1", "policy": POLICY, "message_imprint": wanted["message_imprint"], "serial_number": secrets.randbits(63),
            "gen_time": at.replace(microsecond=0)}
    if wanted["nonce"].native is not None:
        said["nonce"] = wanted["nonce"]
    token = cms.ContentInfo({"content_type": "signed_data", "content": _signed(tsp.TSTInfo(said).dump(), at)})
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def _signed(content: bytes, at: datetime) -> cms.SignedData:
    identity = authority.stamping()
    certificate = asn1_x509.Certificate.load(identity.certificate.public_bytes(serialization.Encoding.DER))
    attributes = cms.CMSAttributes([
        _attribute("content_type", "tst_info"), _attribute("message_digest", hashlib.sha256(content).digest()),
        _attribute("signing_time", cms.Time({"utc_time": core.UTCTime(at.replace(microsecond=0))})),
        _attribute("signing_certificate_v2", tsp.SigningCertificateV2({
            "certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate.dump()).digest()})]})),
    ])
    signer = cms.SignerInfo({
        "version": "v1", "digest_algorithm": _SHA256, "signature_algorithm": {"algorithm": "sha256_ecdsa"}, "signed_attrs": attributes,
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": {
            "issuer": certificate.issuer, "serial_number": certificate.serial_number}}),
        "signature": identity.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
    })
    return cms.SignedData({
        "version": "v3", "digest_algorithms": [_SHA256], "certificates": [certificate], "signer_infos": [signer],
        "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
    })


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})
