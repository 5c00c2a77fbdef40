"""The papers of the risk room: why an application is not approved, and what its customer may ask for."""

from pathlib import Path

EDITION = "2026-1"  # of the text: raise it when a sentence changes
NOTICE = Path(__file__).resolve().parent / "notice.typ"
