"""The lender and the texts of consent in a new database."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

from django.conf import settings

from chezhe.compliance.models import ConsentText, LenderProfile
from chezhe.finmath.money import Money
from chezhe.identifiers import synthetic


def sow_texts() -> None:
    """Add the versions of the consent texts that are missing."""
    file = Path(__file__).with_name("consents.toml")
    ConsentText.objects.bulk_create(
        [
            ConsentText(kind=t["kind"], version=t["version"], body=t["zh"], english=t["en"], effective_from=t["effective_from"])
            for t in tomllib.loads(file.read_text(encoding="utf-8"))["text"]
        ],
        ignore_conflicts=True,
    )


def sow_lender() -> None:
    """An invented micro-credit company to try the product with; in production the lender names itself."""
    if settings.IS_PRODUCTION or LenderProfile.objects.exists():
        return
    LenderProfile.objects.bulk_create(
        [
            LenderProfile(
                id=1, name="车辙小额贷款有限公司", licence_type="mcc", region="330000",
                uscc=synthetic.invent_uscc(Random(33)), net_assets=Money(50_000_000_000), is_demo=True,  # noqa: S311
            )
        ],
        ignore_conflicts=True,
    )
