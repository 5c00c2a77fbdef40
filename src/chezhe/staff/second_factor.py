"""The second factor: codes of an authenticator app, each accepted once, and recovery codes."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import unicodedata
from datetime import datetime

import pyotp
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import appending, crypto
from chezhe.kernel.errors import BusinessError
from chezhe.staff.models import RecoveryCode, SecondFactor, User

STEP_SECONDS = 30
ISSUER = "Chezhe"
RECOVERY_CODES = 10


class WrongCode(BusinessError):
    code = "wrong_code"
    http_status = 422
    field = "code"
    sentence = _("动态口令不正确或已用过，请输入手机上的下一个口令。")


class NotEnrolled(BusinessError):
    code = "second_factor_missing"
    http_status = 409
    sentence = _("尚未绑定动态口令，请先绑定。")


def new_secret() -> str:
    return pyotp.random_base32()


def address(user: User, secret: str) -> str:
    """The otpauth:// address that the QR code holds."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER))


def code_at(secret: str, at: datetime) -> str:
    """The six digits that the app shows at a moment."""
    return str(pyotp.HOTP(secret).at(_counter(at)))


def is_enrolled(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def enrol(user: User, secret: str, code: str, at: datetime) -> list[str]:
    """Bind the app after it has shown one right code; returns the recovery codes, shown this once.

    Raises WrongCode (422). Enrolling anew replaces the app and the codes.
    """
    counter = _matching(secret, code, at)
    if counter is None:
        raise WrongCode()
    with transaction.atomic():
        SecondFactor.objects.update_or_create(
            user=user, defaults={"secret": secret, "counter_used": counter, "enrolled_at": at}
        )
        return renew_recovery_codes(user)


def install(user: User, secret: str, at: datetime) -> None:
    """Bind without a code, for people that are seeded with the data."""
    if not appending.append_once(SecondFactor(user_id=user.pk, secret=secret, enrolled_at=at)):
        SecondFactor.objects.filter(user=user).update(secret=secret, enrolled_at=at)


def remove(user: User) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def renew_recovery_codes(user: User) -> list[str]:
    """Ten fresh codes of 50 random bits; the earlier ones stop working."""
    codes = [_recovery_code() for _index in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=_digest(user, code)) for code in codes])
    return codes


def check(user: User, code: str, at: datetime) -> None:
    """Accept a code of the app or a recovery code, once. Raises NotEnrolled (409) or WrongCode (422)."""
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        raise NotEnrolled()
    typed = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).upper()
    if not (_spend(factor, typed, at) if typed.isdecimal() else _spend_recovery(user, typed, at)):
        raise WrongCode()


def check_unspent(user: User, code: str, at: datetime) -> None:
    """Like `check` without using the code up: only for demo people, whom many may try at once."""
    factor = SecondFactor.objects.filter(user=user).first()
    if not user.is_demo or factor is None or _matching(factor.secret, code, at) is None:
        raise WrongCode()


def demo_code(user: User, at: datetime) -> str:
    """What a demo person's app shows now."""
    factor = SecondFactor.objects.filter(user=user).first()
    if not user.is_demo or factor is None:
        raise NotEnrolled()
    return code_at(factor.secret, at)


def _counter(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def _matching(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is: the current one or one beside it."""
    generator, found = pyotp.HOTP(secret), None
    for counter in (_counter(at) - 1, _counter(at), _counter(at) + 1):
        if hmac.compare_digest(generator.at(counter).encode(), code.encode()):
            found = counter
    return found


def _spend(factor: SecondFactor, code: str, at: datetime) -> bool:
    """One UPDATE decides: of two requests with the same code only one finds the counter still behind."""
    counter = _matching(factor.secret, code, at)
    if counter is None:
        return False
    return SecondFactor.objects.filter(pk=factor.pk, counter_used__lt=counter).update(counter_used=counter) == 1


def _spend_recovery(user: User, code: str, at: datetime) -> bool:
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at__isnull=True)
    return unused.update(used_at=at) == 1


def _recovery_code() -> str:
    """Begins with a letter, so that it is never taken for six digits of the app: `QX4KD-7MZPA`."""
    while True:
        text = base64.b32encode(secrets.token_bytes(7)).decode()[:10]
        if text[0].isalpha():
            return f"{text[:5]}-{text[5:]}"


def _digest(user: User, code: str) -> str:
    return crypto.blind_index(f"{user.pk}:{code.replace('-', '').upper()}", kind="recovery-code")
