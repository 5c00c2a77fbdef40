"""`chezhe WORD …`: hand the rest of the line to the one module that knows the word.

The four calculators import neither Django nor numpy nor numba, so they answer at once.
Every other word is a module in `chezhe/cli/commands/` with `run(argv: list[str]) -> int`,
imported only when asked for (`audit-verify` finds `audit_verify.py`).
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import sys

CALCULATORS = ("quote", "rate", "check", "amount")
WORD = re.compile(r"[a-z][a-z0-9-]*")
BAD_USE = 2
INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 a "no", 2 a request we could not read."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in ("help", "-h", "--help"):
        sys.stdout.write(f"{usage()}\n")
        return 0 if words else BAD_USE
    try:
        return run_command(words[0], words[1:])
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader (`head`, say) went away; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def run_command(name: str, rest: list[str]) -> int:
    """Load the module behind `name` and run it."""
    if name in CALCULATORS:
        from chezhe.cli import calculators
        from chezhe.kernel import clock

        return calculators.run(name, rest, clock.today())
    if not WORD.fullmatch(name) or name.replace("-", "_") not in command_modules():
        sys.stderr.write(f"没有这个命令：{name}\nNo such command: {name}\n\n{usage()}\n")
        return BAD_USE
    module = importlib.import_module(f"chezhe.cli.commands.{name.replace('-', '_')}")
    code: int = module.run(rest)
    return code


def command_modules() -> list[str]:
    """The names of the modules in `chezhe/cli/commands/`, sorted, without importing any of them."""
    from chezhe.cli import commands

    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if not module.name.startswith("_"))


def usage() -> str:
    """The commands that exist, in one screen."""
    names = [name.replace("_", "-") for name in command_modules()]
    return "\n".join(
        [
            "usage: chezhe COMMAND …",
            "  quote          a repayment plan with its rates (JSON in, JSON out)",
            "  rate           the rate of a series of cash flows (JSON in, JSON out)",
            "  check KIND V   id | uscc | vin | plate | card | mobile; V or - for one value a line",
            "  amount V       an amount in capital Chinese figures; V or - for one amount a line",
            "  table lint|eval F  the findings of a decision table, or its answers (JSON in, JSON out)",
            *(f"  {name}" for name in names if name != "table"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
