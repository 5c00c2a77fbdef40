"""Loan arithmetic in whole fen: pure values in, pure values out; no database, no clock, no network.

Importing this package imports nothing heavy (numpy and numba are loaded by the array forms on first use only).

A plan and its price
- `terms`: the frozen inputs and outputs of a quote (`QuoteTerms` → `Quote`), `RateAnswer`, `TermsError`.
- `quote.quote(terms) -> Quote`: rows, totals and annualised rates (what `chezhe quote` answers).
- `schedule.build(terms) -> tuple[Row, ...]`: the rows alone; `plan.lay_out(terms)`: periods, factors, instalment.
- `rates.periodic_rate(flows_fen, per_year)`, `rates.dated_rate([(date, fen), …])` → `RateAnswer`.
- `contract.ContractTerms`: a plan with its penalty, allocation and settlement rules.

After payout
- `accrual`: interest earned to any date, and running totals with exact carry. `penalty`: penalty and compound interest.
- `allocation.allocate`: which due a payment settles. `ageing`: days past due, buckets, five classes.
- `settlement.settle`: the payoff figure. `prepayment`: reduce or shorten. `restructure`: extend, restructure, refinance.
- `subsidy`, `fees`, `ecl`, `transfers`: what their names say.

Foundations
- `money.Money`, `money.parse`; `days` (day counts and due dates); `level` (rates as whole numbers, level instalments).
- `kernels`, `calendar_kernels`, `rate_kernels`, `life_kernels`, `daily_kernels`: the integer functions themselves, called by
  the modules above for one loan; `loops`, `life_loops`, `lanes` and `compiled` run the very same over arrays.

Arrays of many loans
- `vector_schedules`: every repayment method. `vector_quotes`: fees, subsidies and yearly costs of those plans.
- `vector_rates`: IRR, XIRR, their annual forms. `vector`: accrual with carry, allocation, ageing (buckets and classes).
- `vector_life`: interest of running lines, penalty and compound interest, settlement, limits of extensions, loss allowances.
- `vector_replanning`: partial prepayment, extension, restructuring. `vector_daily`: a night and a morning.
- `vector_shares`: the shares of accrual groups, whose two whole numbers outgrow 64 bits. Without an array form: `transfers`.

Every function states its units and where its rule comes from. Money is whole fen (int), a rate a Decimal
fraction with at most ten decimals, a period is [from, to).
"""
