"""Lock-out: five failures, then fifteen minutes of nothing, whether or not the name exists."""

from __future__ import annotations

import math
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import crypto
from chezhe.kernel.errors import BusinessError
from chezhe.staff import rules
from chezhe.staff.models import SignInFailure


class LockedOut(BusinessError):
    code = "locked_out"
    http_status = 429
    sentence = _("连续失败次数过多，已锁定。请在 %(minutes)s 分钟后再试，或联系管理员。")


def key_of(*parts: object) -> str:
    """A keyed digest: what people typed by mistake into the name field is not kept."""
    return crypto.blind_index("\x00".join(str(p) for p in parts), kind="sign-in")


def spend_attempt(key: str, at: datetime) -> None:
    """Count one attempt *before* it is judged, so that many at once cannot outrun the limit.

    Raises LockedOut (429) when the attempts are used up. Call `forgive` after a success.
    """
    with transaction.atomic():
        SignInFailure.objects.bulk_create([SignInFailure(key=key, last_failed_at=at)], ignore_conflicts=True)
        row = SignInFailure.objects.select_for_update().get(key=key)
        free_at = row.last_failed_at + rules.LOCKED_FOR
        if row.failures >= rules.FAILURES_MAX and at < free_at:
            minutes = max(1, math.ceil((free_at - at).total_seconds() / 60))
            raise LockedOut(minutes=minutes)
        row.failures = row.failures + 1 if at < free_at else 1
        row.last_failed_at = at
        row.save(update_fields=["failures", "last_failed_at"])


def forgive(key: str) -> None:
    SignInFailure.objects.filter(key=key).delete()
