"""Loan arithmetic in whole fen: pure values in, pure values out; no database, no clock, no network.

Importing this package imports nothing heavy (numpy and numba are loaded by `vector` on first use only).

Public functions, by module:
- `terms`: the frozen inputs and outputs of a quote (`QuoteTerms` → `Quote`), `RateAnswer`, `TermsError`.
- `quote.quote(terms) -> Quote`: plan, totals and annualised rates (what `chezhe quote` answers).
- `rates.periodic_rate(flows_fen, per_year) -> RateAnswer`, `rates.dated_rate([(date, fen), …]) -> RateAnswer`:
  what `chezhe rate` answers.
- `money`: `Money(fen)`, `money.parse("1234.50") -> Money`, `Money.format()`.

Every function states its units and where its rule comes from. Money is whole fen (int), a rate a Decimal
fraction with at most ten decimals, a period is [from, to).
"""
