"""The same request twice is done once: a key is bound to who asks, what for, and with which body."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import appending, bulk, clock, crypto
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.locks import waiting_politely
from chezhe.kernel.models import IdempotencyKey

KEY_MAX = 255
_BODY = "kernel_idempotencykey.body"


class KeyReused(BusinessError):
    code = "idempotency_key_reused"
    http_status = 409
    sentence = _("这个幂等键已用于另一个请求，请换一个新的键重新提交。")


class KeyTooLong(BusinessError):
    code = "idempotency_key_invalid"
    http_status = 400
    sentence = _("幂等键须为 1 至 255 个可见字符。")


class ShownOnce(BusinessError):
    code = "shown_once"
    http_status = 409
    sentence = _("这项内容已经显示过，不再保存。请换一个新的幂等键重新申请。")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door answered: stored with the transaction that did the work, unless it must not be kept."""

    status: int
    content_type: str
    body: bytes
    location: str = ""
    is_replay: bool = False
    is_kept: bool = True


def fingerprint(*, actor_key: str, route: str, body_hash: str) -> str:
    """64 hex digits; the route holds the subject, since it is in the path."""
    text = json.dumps([actor_key, route, body_hash])
    return hashlib.sha256(text.encode()).hexdigest()


def once(key: str, print_of_request: str, produce: Callable[[], Answer]) -> Answer:
    """Run `produce` under `key` in one transaction, or return the answer it gave before.

    An answer of 400 or above undoes everything and is not kept, so that a corrected request can follow.
    Raises KeyReused (409) for another request under the key, revealing nothing of the first, ShownOnce (409) for an
    answer that is kept nowhere, and Busy (409) while the first still works.
    """
    if not key.isprintable() or not 1 <= len(key) <= KEY_MAX:
        raise KeyTooLong()
    with waiting_politely(), transaction.atomic():
        row = IdempotencyKey(key=key, fingerprint=print_of_request, recorded_at=clock.now())
        # A concurrent twin waits here on the unique index until the first commits or rolls back.
        if not appending.append_once(row):
            row = IdempotencyKey.objects.select_for_update().get(key=key)
        if row.fingerprint != print_of_request:
            raise KeyReused()
        if row.status is not None and not row.content_type:
            raise ShownOnce()
        if row.status is not None:
            return Answer(row.status, row.content_type, _opened(row), row.location, is_replay=True)
        answer = produce()
        if answer.status >= 400:
            transaction.set_rollback(True)
            return answer
        row.status, row.location = answer.status, answer.location
        if answer.is_kept:
            row.content_type = answer.content_type
            # An answer can hold what is shown only once (a token, a first password): it is not kept in clear.
            row.body = crypto.seal(answer.body, bound_to=_BODY)
        bulk.update([row], ["status", "location", "content_type", "body"])
        return answer


def _opened(row: IdempotencyKey) -> bytes:
    return crypto.unseal(bytes(row.body), bound_to=_BODY) if row.body else b""
