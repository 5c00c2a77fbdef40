"""What needs no database: how far reaches go, how strong a password is, who may agree to what."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

REACH_ORDER = ("none", "own", "branch", "region", "all")

IDLE_MAX = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=12)
SESSIONS_MAX = 5
"""Signed in at more places than this at once, the oldest place is signed out."""

FAILURES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)
PENDING_MAX = timedelta(minutes=5)
"""How long the password counts while the second factor is awaited."""

TOKEN_DAYS_MAX = 365
DELEGATION_DAYS_MAX = 90


def widest(reaches: Iterable[str]) -> str:
    """The widest of some reaches; `none` for nobody's."""
    return max(reaches, key=REACH_ORDER.index, default="none")


@dataclass(frozen=True, slots=True)
class PasswordProfile:
    """`classes_min` of lower, upper, digit, other; `days_max` None means no rotation; `history` earlier ones refused."""

    length_min: int
    classes_min: int
    days_max: int | None
    history: int


# 等保 GB/T 22239-2019 §8.1.4.1 asks for complexity and rotation; OWASP ASVS 5.0 6.2.5 and 6.2.10 forbid both.
PROFILES = {
    "mlps3": PasswordProfile(length_min=10, classes_min=3, days_max=90, history=5),
    "asvs": PasswordProfile(length_min=15, classes_min=1, days_max=None, history=0),
}
PASSWORD_LENGTH_MAX = 128


def character_classes(password: str) -> int:
    """How many of lower case, upper case, digits and other characters occur."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    known = sum(any(c in kind for c in password) for kind in kinds)
    return known + any(c not in string.ascii_letters + string.digits for c in password)


def password_faults(password: str, profile: PasswordProfile, personal: Collection[str]) -> list[str]:
    """Codes of what is wrong with a new password: `short`, `long`, `plain`, `personal`. Empty when nothing is.

    `personal` are words that must not be in it, such as the user name.
    """
    faults = []
    if len(password) < profile.length_min:
        faults.append("short")
    if len(password) > PASSWORD_LENGTH_MAX:
        faults.append("long")
    if character_classes(password) < profile.classes_min:
        faults.append("plain")
    if any(len(word) >= 3 and word.lower() in password.lower() for word in personal):
        faults.append("personal")
    return faults


def is_first_second_admin(role: str, admin_ids_ever: Collection[int], user_id: int) -> bool:
    """A new installation has one administrator, so the second one cannot yet be agreed by two.

    Whoever has ever been one counts: otherwise an administrator could switch the other off and appoint a straw man.
    """
    return role == "admin" and len(admin_ids_ever) == 1 and user_id not in admin_ids_ever


_BROWSERS = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """`Chrome · Windows`: enough for a person to know the place; the beginning of what was said when it is neither."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or user_agent[:40] or "—"
