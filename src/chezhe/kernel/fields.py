"""Model fields that know money, rates and personal data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from chezhe.finmath.money import Money
from chezhe.kernel import crypto
from chezhe.kernel.privacy import C1, C2, PUBLIC


class _Tagged(models.Field):
    """Takes `privacy=` (PUBLIC, C1, C2, C3); the tag is no part of the database schema."""

    default_privacy: str | None = None

    def __init__(self, *args: Any, privacy: str | None = None, **kwargs: Any) -> None:
        self.privacy = privacy or self.default_privacy
        super().__init__(*args, **kwargs)


class Text(_Tagged, models.CharField):
    """Short text that must say what it may hold: `Text(privacy=C2, max_length=80)`."""


class LongText(_Tagged, models.TextField):
    """Text without a limit in the database; the form sets one."""


class Json(_Tagged, models.JSONField):
    """A small structure of values without an own table."""


class Code(_Tagged, models.CharField):
    """A stable code or one of our own numbers: never personal."""

    default_privacy = PUBLIC

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)


class MoneyField(_Tagged, models.BigIntegerField):
    """Whole fen in the database, `Money` in Python."""

    default_privacy = C1

    def from_db_value(self, value: int | None, *_: Any) -> Money | None:
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Money | None:
        return value if value is None or isinstance(value, Money) else Money(int(value))

    def get_prep_value(self, value: Any) -> int | None:
        return value.fen if isinstance(value, Money) else super().get_prep_value(value)


class RateField(_Tagged, models.DecimalField):
    """A fraction with ten decimals: 0.1188 is 11.88 % a year."""

    default_privacy = C1

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 10)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Decimal | None, *_: Any) -> Decimal | None:
        return None if value is None else value.normalize() + Decimal(0)


class Encrypted(_Tagged, models.TextField):
    """C2 text, encrypted at rest; pair it with a `BlindIndex` to search for an exact value."""

    default_privacy = C2
    encrypted = True

    def _bound_to(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return crypto.decrypt(value, bound_to=self._bound_to()) if value else value

    def get_prep_value(self, value: Any) -> str | None:
        return crypto.encrypt(str(value), bound_to=self._bound_to()) if value else value


class BlindIndex(_Tagged, models.CharField):
    """The searchable digest of an encrypted neighbour: `BlindIndex(of="id_number")`, filled on save."""

    default_privacy = C1

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("db_index", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, instance: models.Model, add: bool) -> str:
        value = getattr(instance, self.of) or ""
        digest = crypto.blind_index(value, kind=self.of) if value else ""
        setattr(instance, self.attname, digest)
        return digest
