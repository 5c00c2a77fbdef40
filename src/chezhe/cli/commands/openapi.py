"""`chezhe openapi [--check]`: write docs/openapi.json from the code, or say whether it still is what the code says."""

from __future__ import annotations

import difflib
import json
import os
import sys

from chezhe.cli.commands._surroundings import ROOT

PLACE = ROOT / "docs" / "openapi.json"
LINES_SHOWN = 40


def run(argv: list[str]) -> int:
    """0 when written or unchanged, 1 when `--check` finds a difference."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chezhe.config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql:///unused")
    import django

    django.setup()
    from chezhe.config.documents import openapi

    said = json.dumps(openapi(), ensure_ascii=False, indent=1) + "\n"
    if "--check" not in argv:
        PLACE.write_text(said)
        print(PLACE.relative_to(ROOT))
        return 0
    kept = PLACE.read_text() if PLACE.exists() else ""
    changes = list(difflib.unified_diff(kept.splitlines(), said.splitlines(), "docs/openapi.json", "the code", lineterm="", n=1))
    sys.stdout.write("".join(f"{line}\n" for line in changes[:LINES_SHOWN]))
    return 1 if changes else 0
