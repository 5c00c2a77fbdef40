"""The templates of a new database. Running again adds what is missing and changes nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path

from chezhe.messaging import rules
from chezhe.messaging.models import Template

FILE = Path(__file__).with_name("templates.toml")


def sow() -> None:
    """Add the template versions that are missing; a template that breaks its own rules stops the migration."""
    made = []
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["template"]:
        rules.check_template({"zh": row["zh"], "en": row["en"]}, row["fields"])
        made.append(Template(
            code=row["code"], version=row["version"], channel=row["channel"], purpose=row["purpose"], consent_kind=row["consent"],
            name=row["name"], english_name=row["english_name"], title=row.get("title", ""), english_title=row.get("english_title", ""),
            body=row["zh"], english=row["en"], fields=row["fields"], lasts_seconds=row.get("lasts_seconds"),
        ))
    Template.objects.bulk_create(made, ignore_conflicts=True)
