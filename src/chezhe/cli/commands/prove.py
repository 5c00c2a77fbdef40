"""`chezhe prove --loan L26-… | --all`: loan row, fold of its events and ledger must agree to the fen.

`chezhe prove --decisions`: every decision of the machine, made once more by what was known and in force then, must give the same bytes.
"""

from __future__ import annotations

import sys

USAGE = "chezhe prove --loan L26-000123-7 | --all | --decisions"


def run(argv: list[str]) -> int:
    """0 when everything agrees, 1 when a loan differs or does not exist, 2 for other words."""
    is_one = len(argv) == 2 and argv[0] == "--loan"
    if not is_one and argv not in (["--all"], ["--decisions"]):
        sys.stderr.write(f"{USAGE}\n")
        return 2
    from chezhe.cli.commands import _surroundings

    chosen = _surroundings.instance()
    with _surroundings.database_of(chosen) as cluster:
        _surroundings.use(chosen.environment(cluster))
        import django

        django.setup()
        return prove_decisions() if argv == ["--decisions"] else prove(argv[1].strip().upper() if is_one else "")


def prove_decisions() -> int:
    """Decide every decision again; says which came to other bytes, and 1 when one did."""
    from chezhe.risk.deciding import proof

    count, differing = 0, 0
    for found in proof.replays(tell=lambda done: sys.stderr.write(f"\r{done} ")):
        count += 1
        if not found.is_same:
            differing += 1
            print(proof.words(found))
    verdict = "全部一致 all agree" if not differing else f"{differing} 处不一致 differences"
    print(f"{count} 个决策 decisions: {verdict}")
    return 1 if differing else 0


def prove(number: str) -> int:
    """Prove one loan, or all and then the whole ledger when `number` is empty; says what differs."""
    from chezhe.ledger import queries as ledger_queries
    from chezhe.servicing import proof
    from chezhe.servicing.models import Loan

    count, differing = 0, 0
    for chosen in proof.in_parts(Loan.objects.filter(number=number) if number else Loan.objects.all()):
        count += len(chosen)
        for sentence in proof.differences(chosen):
            differing += 1
            print(sentence)
        if not number:
            sys.stderr.write(f"\r{count} ")
    if number and not count:
        sys.stderr.write(f"没有这笔贷款 no such loan: {number}\n")
        return 1
    for sentence in [] if number else [*ledger_queries.prove().faults, *proof.accrual_differences()]:
        differing += 1
        print(sentence)
    verdict = "全部一致 all agree" if not differing else f"{differing} 处不一致 differences"
    print(f"{count} 笔贷款 loans: {verdict}")
    return 1 if differing else 0
