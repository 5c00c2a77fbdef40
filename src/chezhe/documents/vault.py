"""Where the bytes lie: under a random name, encrypted, in the configured storage; a client's name never reaches it."""

from __future__ import annotations

import errno
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import crypto
from chezhe.kernel.errors import BusinessError, NoSpace

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class FileLost(BusinessError):
    """The row is there and the bytes are not, or they were altered: operations must look at the storage."""

    code = "file_lost"
    http_status = 500
    sentence = _("文件在存储中缺失或已被改动，请联系管理员，并提供页面上的参考编号。")


def path_of(key: UUID) -> str:
    """`3f/3f2b…`: two hundred and fifty-six folders keep each of them small."""
    return f"{key.hex[:2]}/{key.hex}"


def put(key: UUID, data: bytes) -> None:
    """Keep `data` under `key`, whole or not at all; a key is used once. Raises NoSpace (507)."""
    try:
        default_storage.save(path_of(key), ContentFile(crypto.seal(data, bound_to=_bound(key))))
    except OSError as failure:
        default_storage.delete(path_of(key))
        if failure.errno in FULL:
            raise NoSpace() from failure
        raise


def read(key: UUID) -> bytes:
    """The bytes kept under `key`; raises FileLost (500)."""
    try:
        with default_storage.open(path_of(key), "rb") as file:
            return crypto.unseal(file.read(), bound_to=_bound(key))
    except (OSError, InvalidTag, KeyError):
        raise FileLost() from None


def erase(key: UUID) -> None:
    """Forget the bytes; harmless when they are gone already."""
    default_storage.delete(path_of(key))


def _bound(key: UUID) -> str:
    return f"documents.file:{key.hex}"
