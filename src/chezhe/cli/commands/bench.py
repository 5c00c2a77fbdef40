"""`chezhe bench [NAME …] [--json] [--loans N] [--seconds N]`: the measurements in `bench/`, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from chezhe.cli.commands._surroundings import ROOT


def run(argv: list[str]) -> int:
    """`bench/<name>.py` for every name before the first option, else all of them; the options go to each.

    With `--json` the last line is one object: what the bench found, or by name what each of them found.
    The exit code is 1 when one of them found something that must not be.
    """
    known = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    cut = next((at for at, word in enumerate(argv) if word.startswith("-")), len(argv))
    names, options = argv[:cut] or known, argv[cut:]
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        sys.stderr.write(f"没有这个测速 no such bench: {', '.join(unknown)} (有 known: {', '.join(known)})\n")
        return 2
    if "--json" not in options:
        return max(_start(name, options).wait() for name in names)
    found, codes = {}, []
    for name in names:
        code, found[name] = _listen(name, options)
        codes.append(code)
    print(json.dumps(found[names[0]] if len(names) == 1 else found, ensure_ascii=False))
    return max(codes)


def _start(name: str, options: list[str], **more: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen([sys.executable, "-m", f"bench.{name}", *options], cwd=ROOT, env=environment, text=True, **more)


def _listen(name: str, options: list[str]) -> tuple[int, Any]:
    """The exit code and the object of the last line; the lines before it are passed on as they come."""
    child, last = _start(name, options, stdout=subprocess.PIPE), ""
    assert child.stdout is not None
    for line in child.stdout:
        sys.stdout.write(last)
        sys.stdout.flush()
        last = line
    code = child.wait()
    try:
        return code, json.loads(last)
    except ValueError:
        sys.stdout.write(last)
        return code or 1, None
