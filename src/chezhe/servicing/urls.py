from datetime import date

from django.urls import path, register_converter

from chezhe.servicing.views import (
    asking,
    bank,
    books,
    calling,
    changes,
    endofday,
    invoices,
    loans,
    money,
    papers,
    profit,
    provisions,
    quality,
    refinancing,
    replanning,
    repricing,
    security,
    vat,
    vehicles,
)


class DateConverter:
    """A day in an address: 2026-05-20."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DateConverter, "date")

app_name = "servicing"
urlpatterns = [
    path("loans/", loans.loans, name="loans"),
    path("loans/<str:number>/", loans.loan, name="loan"),
    path("loans/<str:number>/repay/", money.repay, name="repay"),
    path("loans/<str:number>/prepay/", money.prepay, name="prepay"),
    path("loans/<str:number>/settlement/", money.settlement, name="settlement"),
    path("loans/<str:number>/settlement/print/", money.settlement_sheet, name="settlement_sheet"),
    path("loans/<str:number>/events/<int:event_id>/reverse/", money.reverse_one, name="reverse"),
    path("loans/<str:number>/print/", papers.print_paper, name="print_paper"),
    path("loans/<str:number>/refund/", asking.refund, name="refund"),
    path("loans/<str:number>/charge/", asking.charge, name="charge"),
    path("loans/<str:number>/waiver/", asking.waiver, name="waiver"),
    path("loans/<str:number>/due-day/", replanning.due_day, name="due_day"),
    path("loans/<str:number>/holiday/", replanning.holiday, name="holiday"),
    path("loans/<str:number>/extension/", replanning.extension, name="extension"),
    path("loans/<str:number>/restructuring/", replanning.restructuring, name="restructuring"),
    path("loans/<str:number>/rate-change/", replanning.rate_change, name="rate_change"),
    path("loans/<str:number>/refinance/", refinancing.refinance, name="refinance"),
    path("loans/<str:number>/refinance/fix/", refinancing.fix, name="refinance_fix"),
    path("loans/<str:number>/acceleration/", calling.acceleration, name="acceleration"),
    path("loans/<str:number>/write-off/", calling.write_off, name="write_off"),
    path("loans/<str:number>/vehicle-release/", vehicles.vehicle_release, name="vehicle_release"),
    path("loans/<str:number>/deposit/", security.deposit, name="deposit"),
    path("loans/<str:number>/deposit/use/", security.deposit_use, name="deposit_use"),
    path("loans/<str:number>/deposit/return/", security.deposit_return, name="deposit_return"),
    path("loans/<str:number>/insurance/", security.insurance, name="insurance"),
    path("loans/<str:number>/subsidy/", security.subsidy, name="subsidy"),
    path("changes/", changes.listed, name="changes"),
    path("changes/<str:number>/", changes.change, name="change"),
    path("changes/<str:number>/pay/", changes.pay, name="pay_refund"),
    path("changes/<str:number>/cancel/", changes.cancel, name="cancel_refund"),
    path("panels/changes/", changes.changes_of, name="changes_of"),
    path("panels/plan/", loans.plan, name="plan"),
    path("panels/events/", loans.events, name="events"),
    path("panels/track/", loans.track, name="track"),
    path("panels/audit/", loans.audit, name="audit"),
    path("panels/papers/", loans.papers, name="papers"),
    path("panels/loans/", loans.loans_of, name="loans_of"),
    path("bank-files/", bank.files, name="files"),
    path("bank-files/<str:number>/", bank.file, name="file"),
    path("bank-lines/<str:serial>/match/", bank.match, name="match"),
    path("day/", endofday.center, name="day"),
    path("day/progress/", endofday.progress, name="day_progress"),
    path("day/<date:day>/pause/", endofday.pause, name="day_pause"),
    path("day/<date:day>/resume/", endofday.resume, name="day_resume"),
    path("loans/<str:number>/downgrade/", quality.downgrade, name="downgrade"),
    path("downgrades/", quality.downgrades, name="downgrades"),
    path("downgrades/<str:number>/", quality.downgraded, name="downgraded"),
    path("panels/quality/", quality.quality_of, name="quality_of"),
    path("provisions/", provisions.provisions, name="provisions"),
    path("provisions/<str:number>/", provisions.provision, name="provision"),
    path("provisions/<str:number>/progress/", provisions.progress, name="provision_progress"),
    path("provisions/<str:number>/post/", provisions.post, name="provision_post"),
    path("provisions/<str:number>/discard/", provisions.discard, name="provision_discard"),
    path("provisions/<str:number>/reverse/", provisions.reverse_one, name="provision_reverse"),
    path("provisions/<str:number>/lines/", provisions.lines, name="provision_lines"),
    path("loans/<str:number>/invoice/", invoices.request_one, name="request_invoice"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/<str:number>/", invoices.invoice, name="invoice"),
    path("invoices/<str:number>/withdraw/", invoices.withdraw, name="invoice_withdraw"),
    path("invoices/<str:number>/red/", invoices.redden, name="invoice_red"),
    path("panels/invoices/", invoices.invoices_of, name="invoices_of"),
    path("callbacks/einvoice/", invoices.callback, name="einvoice_callback"),
    path("profit/", profit.profit, name="profit"),
    path("panels/profit/", profit.profit_of, name="profit_of"),
    path("funding/", profit.fundings, name="fundings"),
    path("funding/<str:number>/", profit.funding, name="funding"),
    path("funding/<str:number>/reverse/", profit.reverse_one, name="funding_reverse"),
    path("funding/<str:number>/lines/", profit.lines, name="funding_lines"),
    path("vat/", vat.vats, name="vats"),
    path("vat/<str:number>/", vat.vat, name="vat"),
    path("vat/<str:number>/progress/", vat.progress, name="vat_progress"),
    path("vat/<str:number>/post/", vat.post, name="vat_post"),
    path("vat/<str:number>/discard/", vat.discard, name="vat_discard"),
    path("vat/<str:number>/reverse/", vat.reverse_one, name="vat_reverse"),
    path("vat/<str:number>/sheet/", vat.sheet, name="vat_sheet"),
    path("vat/<str:number>/lines/", vat.lines, name="vat_lines"),
    path("repricing/", repricing.calendar, name="repricing"),
    path("repricing/loans/", repricing.loans, name="repricing_loans"),
    path("repricing/<str:number>/", repricing.batch, name="repricing_batch"),
    path("repricing/<str:number>/lines/", repricing.lines, name="repricing_lines"),
    path("repricing/<str:number>/lines/<str:loan_number>/", repricing.line, name="repricing_line"),
    path("repricing/<str:number>/retry/", repricing.retry, name="repricing_retry"),
    path("repricing/<str:number>/reverse/", repricing.reverse_batch, name="repricing_reverse"),
    path("proof/", books.proof, name="proof"),
]
