"""Loaded by pytest before the settings are (`-p` in pyproject.toml): where tests keep their server and files."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
CLUSTER_HOME = ROOT / "var" / "test" / "postgres"


def prepare() -> None:
    """Test mode, an own folder for files, no database named: a test that asks for one gets its clone."""
    folder = Path(tempfile.mkdtemp(prefix="chezhe-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["CHEZHE_MODE"] = "test"
    os.environ["CHEZHE_VAR"] = str(folder)
    os.environ["CHEZHE_DEMO_LOGINS"] = "off"
    os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 40
    os.environ["CHEZHE_KEYS_FILE"] = str(folder / "keys.json")
    os.environ["DATABASE_URL"] = "postgresql:///nowhere?host=/nonexistent"
    os.environ["DJANGO_SETTINGS_MODULE"] = "chezhe.config.settings"
    os.environ.pop("CHEZHE_PROCESS", None)


prepare()
