"""The house's own certificate authority, for trying the product: it names whoever signs, and the clock of the simulated time stamps.

Its keys are made once on each machine, under `var/secrets/signing/`, and never leave it. Nobody outside trusts it, so production
refuses it: there an external provider signs (`CHEZHE_ESIGN=provider`). A signer's own key lives for one signing and is thrown away.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError

ROOT_NAME, STAMP_NAME = "Chezhe Test Root (not for production)", "Chezhe Test Time Stamps (not for production)"
LASTS, SKEW = timedelta(days=1), timedelta(minutes=5)
# Whatever day a story plays on, the authority has been there.
_FROM, _TO = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)


class AuthorityRefused(BusinessError):
    code = "test_authority_refused"
    http_status = 503
    sentence = _("生产环境不能使用测试证书签名，请管理员接入电子签名服务商，或在柜面纸质签署。")


@dataclass(frozen=True, slots=True)
class Identity:
    """A key with the certificate that says whose it is."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def serial(self) -> str:
        return f"{self.certificate.serial_number:x}"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who a certificate is made out to: `mark` tells people of one name apart and says nothing of who they are."""

    name: str
    mark: str
    is_person: bool = True


def issue(signer: Signer, *, at: datetime) -> Identity:
    """A fresh key and a certificate for one day. Raises AuthorityRefused (503) in production."""
    root, key = _own("root"), ec.generate_private_key(ec.SECP256R1())
    kind = NameOID.COMMON_NAME if signer.is_person else NameOID.ORGANIZATION_NAME
    subject = _name((kind, signer.name[:64]), (NameOID.SERIAL_NUMBER, signer.mark[:64]))
    made = _certificate(key, subject, root.certificate.subject, (at - SKEW, at + LASTS))
    made = made.add_extension(_usage(content_commitment=True), critical=True)
    return Identity(key, _signed(made, root.certificate, root.key))


def stamping() -> Identity:
    """The identity of the simulated time stamps. Raises AuthorityRefused (503) in production."""
    return _own("stamp")


def trusted() -> Sequence[x509.Certificate]:
    """The roots that a signature must lead to: those of the file CHEZHE_SIGNING_ROOTS, else our own.

    Raises AuthorityRefused (503) in production without such a file."""
    if settings.SIGNING_ROOTS:
        return x509.load_pem_x509_certificates(Path(settings.SIGNING_ROOTS).read_bytes())
    return [_own("root").certificate]


def _own(which: str) -> Identity:
    if settings.IS_PRODUCTION:
        raise AuthorityRefused()
    return _read(Path(settings.VAR), which)


@lru_cache(maxsize=8)
def _read(folder: Path, which: str) -> Identity:
    path = folder / "secrets" / "signing" / f"{which}.pem"
    if not path.exists():
        _keep(path, _root() if which == "root" else _stamp(_read(folder, "root")))
    held = path.read_bytes()
    key = serialization.load_pem_private_key(held, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Identity(key, x509.load_pem_x509_certificate(held))


def _keep(path: Path, made: Identity) -> None:
    """Whichever process comes first makes it for all of them."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        file.write(made.certificate.public_bytes(serialization.Encoding.PEM))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _root() -> Identity:
    key, name = ec.generate_private_key(ec.SECP256R1()), _name((NameOID.COMMON_NAME, ROOT_NAME))
    made = _certificate(key, name, name, (_FROM, _TO), is_authority=True)
    made = made.add_extension(_usage(key_cert_sign=True), critical=True)
    return Identity(key, made.sign(key, hashes.SHA256()))


def _stamp(root: Identity) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _certificate(key, _name((NameOID.COMMON_NAME, STAMP_NAME)), root.certificate.subject, (_FROM, _TO))
    made = made.add_extension(_usage(), critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Identity(key, _signed(made, root.certificate, root.key))


def _certificate(
    key: ec.EllipticCurvePrivateKey, subject: x509.Name, issuer: x509.Name, lasts: tuple[datetime, datetime], *,
    is_authority: bool = False,
) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    begun = begun.serial_number(x509.random_serial_number()).not_valid_before(lasts[0]).not_valid_after(lasts[1])
    begun = begun.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    return begun.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _signed(made: x509.CertificateBuilder, issuer: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    mark = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(mark), critical=False)
    return made.sign(key, hashes.SHA256())


def _usage(*, content_commitment: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not key_cert_sign, content_commitment=content_commitment, key_cert_sign=key_cert_sign, crl_sign=key_cert_sign,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])
