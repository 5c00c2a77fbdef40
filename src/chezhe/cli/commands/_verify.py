"""Run as a program: verify the audit chain and the trial balance of the database in the environment; JSON on stdout."""

from __future__ import annotations

import json
import sys


def main() -> int:
    import django

    django.setup()
    from chezhe.kernel import audit, business_date
    from chezhe.ledger import queries

    chain = audit.verify()
    books = queries.trial_balance(business_date.current())
    answer = {
        "audit_checked": chain.checked, "audit_unsealed": chain.unsealed_tail, "audit_fault": chain.first_fault,
        "debit_fen": books.debit.fen, "credit_fen": books.credit.fen,
    }
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
