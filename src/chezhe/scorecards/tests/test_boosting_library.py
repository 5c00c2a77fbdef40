"""LightGBM comes without the libraries that it would load for nobody, and takes them from nobody else."""

import subprocess
import sys
import threading
from importlib import import_module

import pytest

from chezhe.scorecards import boosting_library

LOADING = """
import sys
from chezhe.scorecards import boosting_library
library = boosting_library.lightgbm()
assert library is boosting_library.lightgbm() and hasattr(library, "Booster")
print(*sorted(boosting_library.UNUSED & set(sys.modules)))
import pandas, sklearn
"""


def test_it_is_loaded_without_them_and_they_can_still_be_loaded() -> None:
    answer = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == ""


def test_only_the_thread_that_asks_does_without_them() -> None:
    found: list[object] = []
    with boosting_library._without(frozenset({"wave"})):
        sys.modules.pop("wave", None)
        with pytest.raises(ModuleNotFoundError):
            import_module("wave")
        thread = threading.Thread(target=lambda: found.append(import_module("wave")))
        thread.start()
        thread.join()
    assert found == [import_module("wave")]
