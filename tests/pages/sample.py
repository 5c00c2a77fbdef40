"""A house with a little of everything: two weeks of the simulation, and two of whatever it does not do by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from chezhe.channels import steps as channel_steps
from chezhe.channels.tests.dealing import HARBOUR
from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.steps import Figure, Particulars
from chezhe.contracts.actions.ask_seal import ask_seal
from chezhe.contracts.actions.receive_upfront_fee import receive_upfront_fee
from chezhe.contracts.actions.register_seal import register_seal
from chezhe.contracts.costs import queries as cost_queries
from chezhe.contracts.costs import steps as cost_steps
from chezhe.contracts.costs.receiving import Payment
from chezhe.contracts.models import Contract, Mortgage
from chezhe.customers.actions.relate_customers import relate_customers
from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.finmath.transfers import Transfer, moving
from chezhe.identifiers.synthetic import invent_uscc
from chezhe.kernel import business_date, clock, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import moment
from chezhe.leads.models import Lead
from chezhe.leads.states import OPEN
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.actions.post_manual_entry import post_manual_entry
from chezhe.messaging import steps as messaging_steps
from chezhe.messaging.tests.sending import FACTS
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.models import Application
from chezhe.payments.actions.accept_notice import accept_notice
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.actions.take_settlement_file import take_settlement_file
from chezhe.payments.debits.answers import expect_settlement
from chezhe.payments.debits.mandates import Signature
from chezhe.payments.debits.orders import Wanted
from chezhe.payments.debits.orders import request as request_debits
from chezhe.payments.steps import Notice
from chezhe.payments.tests.test_bank_files import csv
from chezhe.payments.tests.test_camt import OUT, camt
from chezhe.payments.vendors.bank.settlement import HEADINGS, SettlementFile, read
from chezhe.servicing.actions.activate_loan import activate_loan
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.compute_provision import compute_provision
from chezhe.servicing.actions.compute_vat import compute_vat
from chezhe.servicing.actions.downgrade_loan import downgrade_loan
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.propose_repricing import propose_repricing
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.actions.request_invoice import request_invoice
from chezhe.servicing.actions.request_refund import request_refund
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.charges import Fee
from chezhe.servicing.debits.models import LoanDebit, number_of
from chezhe.servicing.models import FloatingRate, Loan, ProvisionRun, Repricing, RepricingLine, VatRun
from chezhe.servicing.profit.reading import Priced, funded
from chezhe.servicing.profit.reading import write_lines as write_funding
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.repricing import batches
from chezhe.servicing.subsidy_payments import PAID_EVENT
from chezhe.servicing.tax.invoices.requests import Title
from chezhe.simulation import people
from chezhe.simulation.crew import alone
from chezhe.simulation.story import Story
from chezhe.staff import steps as staff_steps
from chezhe.staff.actions.delegate import delegate
from chezhe.staff.actions.grant_role import Place, grant_role
from chezhe.staff.actions.issue_token import issue_token
from chezhe.staff.models import Branch, User
from chezhe.takeover.tests.bringing import tried
from chezhe.takeover.tests.old_books import many
from chezhe.workbench.actions.save_view import save_view
from tests.pages import agreed, earned, judged, secured, talked, vaulted, voiced

# After the days on which the month before is provided for, taxed and funded: these pages bring their own.
START, DAYS, INTENSITY = date(2026, 3, 7), 25, 1.8
LINES = "2026-03-10,100.00,{0}1,张三,6217000000000000004,房租\n2026-03-11,200.00,{0}2,李四,,货款\n"


def settle() -> User:
    """Fill the empty house; returns one person who holds every role everywhere, and so sees the most of every page."""
    list(people.settle_in(moment("2026-03-01 09:00")))
    with alone(7) as crew:
        Story(7, START, DAYS, INTENSITY).live(crew)
    user = staff_steps.add_person(
        username="everybody", name="全", branch=None, roles=roles.ALL, password=None, at=clock.now(), reach=Reach.ALL, is_demo=True
    )
    by, today = staff_steps.actor_for(user, clock.now(), stepped_up_at=clock.now()), business_date.current()
    _views(by)
    _accept_two()
    _pay_out_four(today)
    for turn in (1, 2):
        _office(turn, by, today)
        _front(turn, by, today)
    _tax(by, today)
    _fund(by, today)
    _treasury(by, today)
    judged.judge(by, today)
    secured.secure(by, today)
    agreed.agree(by, today)
    vaulted.vault(by, today)
    talked.talk(by)
    voiced.speak(by, today)
    earned.earn(by, today)
    return user


def _office(turn: int, by: Actor, today: date) -> None:
    """What head office does: rights, figures of law, manual entries, statements of the bank."""
    some = User.objects.filter(is_demo=True).exclude(pk=by.user_id).order_by("pk")[turn]
    grant_role(username=some.username, role=roles.SALES, place=Place(Reach.OWN), starts_on=clock.today(), reason="帮忙", by=by)
    delegate(delegate_username=some.username, role_ids=[roles.FINANCE], starts_on=clock.today(),
             ends_on=clock.today() + timedelta(days=turn), reason="休假", by=by)
    issue_token(label=f"报表 {turn}", scopes=["servicing.view"], days=5, by=by)
    known = Parameter.objects.order_by("code", "pk")[turn]
    figure = Figure(code=known.code, value=known.value, effective_from=date(2030, turn, 1), source="测试")
    compliance_steps.open_parameter_change(figure, reason="测试", on=today, by=by)
    if turn == 1:
        lender = Particulars(name="示例小额贷款有限公司", licence_type="afc", region="310000", uscc="91310115MA1TEYT17L",
                             net_assets=Money(10**12))
        compliance_steps.open_lender_change(lender, reason="测试", on=today, by=by)
    post_manual_entry(posted_on=today, memo="注资", transfers=(Transfer(chart.BANK, chart.CAPITAL, 100 * turn),), business_date=today, by=by)
    import_bank_file(content=csv(LINES.format(f"2026031400000{turn}")), name=f"{turn}.csv", by=by)
    _bring_a_book(turn, by, today)
    if turn == 1:
        back = OUT.replace("</CdtDbtInd>", "</CdtDbtInd><RvslInd>true</RvslInd>").replace("D1", "202603140000011").replace("50.00", "100.00")
        import_bank_file(content=camt(back, closing="900.00"), name="冲回.xml", by=by)
        settled = ",".join(HEADINGS) + "".join(f"\n{today},Y26-00000{at}-1.1,B{at},付款,10.00,0.00" for at in (1, 2))
        take_settlement_file(file=SettlementFile(today, "s.csv", "1" * 64, tuple(read(settled))), by=SYSTEM)
    accept_notice(notice=Notice(
        notice_id=f"N-{turn}", bank_reference=f"Y26-00009{turn}-1.1", outcome="paid", amount=Money(100 * turn)), by=SYSTEM)
    reconcile_accounts(by=by)


def _bring_a_book(turn: int, by: Actor, today: date) -> None:
    """One takeover whose totals are to be agreed, and one whose files have faults."""
    book = many(3, as_of=today - timedelta(days=1), seed=turn, branches=[Branch.objects.order_by("pk")[0].code], products=["P01"])
    if turn == 2:
        for loan in book.loans:
            loan["branch"] = "NOPE"
    tried(book, by, as_of=today - timedelta(days=1))


def _ask_for_a_refund(turn: int, by: Actor, today: date) -> None:
    """Somebody paid too much and would like it back."""
    loan = Loan.objects.filter(status="active", oldest_due_on=None).order_by("-pk")[turn]
    receipt = CounterReceipt(amount=Money(8_000), paid_on=today, channel="bank", reference=f"U{turn}")
    record_repayment(loan_number=loan.number, receipt=receipt, by=by)
    request_refund(loan_number=loan.number, amount=Money(8_000), reason="客户多付", by=by)
    downgrade_loan(loan_number=loan.number, asset_class="substandard", reason="涉诉", by=by)


def _provide(turn: int, by: Actor, today: date) -> None:
    """One provision of a month in which nothing was lent yet, and one of the book as it is."""
    run = run_provision(as_of=date(2026, 2, 28), by=by)
    if turn == 1:
        ProvisionRun.objects.filter(pk=run.pk).update(as_of=today)
    compute_provision(provision_number=run.number, by=SYSTEM)


def _tax(by: Actor, today: date) -> None:
    """Fees charged, paid and invoiced; the VAT of their month, and that of one without any."""
    for loan in Loan.objects.filter(status="active", oldest_due_on=None).order_by("pk")[:3]:
        charge_fee(loan_number=loan.number, fee=Fee(code="papers", amount=Money(1_000), reason="补办行驶证"), by=by)
        receipt = CounterReceipt(amount=Money(1_000), paid_on=today, channel="bank", reference=f"F{loan.pk}")
        record_repayment(loan_number=loan.number, receipt=receipt, by=by)
        title = Title(kind="person", name="王小明")
        request_invoice(loan_number=loan.number, title=title, lines={(-1, "fee"): None}, by=by)
    for as_of in (today, date(2026, 2, 28)):
        run = run_vat(as_of=date(2026, 2, 28), by=by)
        VatRun.objects.filter(pk=run.pk).update(as_of=as_of)
        compute_vat(vat_number=run.number, by=SYSTEM)


def _fund(by: Actor, today: date) -> None:
    """The funding cost of a month in which nothing was lent yet, shown as that of today."""
    run = post_funding(as_of=date(2026, 2, 28), by=by)
    lines = [Priced(one, Decimal("0.03"), 100, 100) for one in funded(today)[:3]]
    write_funding(run.pk, lines)


def _treasury(by: Actor, today: date) -> None:
    """What the treasury paid of a month, with nothing granted behind it."""
    moved = tuple(moving(chart.BANK, chart.SUBSIDY_RECEIVABLE, 100, "subsidy:2026-02"))
    ledger_steps.post(event=PAID_EVENT, reference="subsidy-paid/counter/bank/Z1", transfers=moved, on=today, memo="2026-02", by=by)


def _reprice(turn: int, today: date) -> None:
    """Two more loans whose rate floats, and a batch of their repricing day; all lines stand in the first."""
    for loan in Loan.objects.filter(status="active", oldest_due_on=None, floating=None).order_by("-pk")[1:3]:
        row = batches.begin(loan, Floating(base="LPR1Y", spread_rate=Decimal("0.01") * turn, cadence=Cadence.MONTHLY))
        FloatingRate.objects.filter(pk=row.pk).update(next_on=today)
    propose_repricing(day=today, by=SYSTEM)
    RepricingLine.objects.update(batch=Repricing.objects.order_by("pk")[0])


def _collect(turn: int, by: Actor, today: date) -> None:
    """Somebody signed a mandate; a debit is planned, and the channel has a day to settle."""
    loan = Loan.objects.filter(status="active", customer__mandates=None).select_related("customer").order_by("-pk")[turn]
    signature = Signature(account_tail="", debit_max=Money(10**6), day_max=Money(10**6), signed_on=today, evidence=f"DK-{turn}")
    signed = sign_mandate(customer_number=loan.customer.number, signature=signature, by=by)
    number = number_of(loan.number, today, 1)
    planned = LoanDebit.objects.create(number=number, loan=loan, mandate=signed, day=today, turn=1, due_at=clock.now(), amount=Money(100),
                                       asked_by_name="系统")
    parts = [Wanted(claim=planned.number, mandate=signed, parts=[Money(100)], branch_id=loan.branch_id, memo=loan.number)]
    request_debits(parts, by=by)
    expect_settlement(today - timedelta(days=turn), by=by)


def _views(by: Actor) -> None:
    """A view of one's own and one for a role."""
    for name, role in (("逾期", ""), ("门店", roles.FINANCE)):
        save_view(list_key="servicing:loans", path="/servicing/loans/", query="bucket=overdue", name=name, role=role, by=by)


def _accept_two() -> None:
    """Two more offers were taken, whose contracts nobody has prepared yet."""
    without = Application.objects.exclude(status="draft").filter(contracts=None).order_by("-pk").values_list("pk", flat=True)[:2]
    Application.objects.filter(pk__in=list(without)).update(status="accepted", approval_expires_on=date(2026, 4, 30))


def _pay_out_four(today: date) -> None:
    """People look at most applications, so that few loans run after two weeks: four contracts more are signed, registered and paid."""
    for made in Contract.objects.filter(status="prepared").order_by("pk")[:4]:
        Contract.objects.filter(pk=made.pk).update(status="effective", effective_on=today)
        Mortgage.objects.update_or_create(
            contract=made, vehicle_id=made.vehicle_id, defaults={"status": "registered", "receipt_number": "D1", "registered_on": today})
        activate_loan(contract_number=made.number, amount=made.principal, paid_on=today, by=SYSTEM)


def _cost(today: date, by: Actor) -> None:
    """Somebody reads a cost sheet on a screen, and pays what is due before the money leaves."""
    contract = Loan.objects.order_by("pk")[0].contract
    Parameter.objects.create(code="COST_SHEET_READ_SECONDS", value="10", unit="seconds", effective_from=today, source="贷款人政策：先于规定施行")
    cost_steps.open_reading(contract, by=by)
    due = cost_queries.upfront_of(contract)[0]
    payment = Payment(codes=(due.item.code,), amount=due.amount, paid_on=today, channel="cash", reference="F1")
    register_seal(code="HT-01", kind="contract", name="合同专用章", branch_code=contract.branch.code, by=by)
    for kind in ("loan_contract", "mortgage_contract"):
        ask_seal(contract_number=contract.number, paper_code=kind, seal_code="HT-01", reason="签署", business_date=today, by=by)
    receive_upfront_fee(contract_number=contract.number, payment=payment, business_date=today, by=by)


def _front(turn: int, by: Actor, today: date) -> None:
    """What happens around customers: dealers, messages, contacts, relations, money, an application being written."""
    facts = replace(HARBOUR, name=f"上海海港二手车有限公司{turn}", uscc=invent_uscc(Random(turn), "31"))
    branch_id = Loan.objects.values_list("branch_id", flat=True)[0]
    made = channel_steps.create(facts, branch_id=branch_id, owner_id=by.user_id, on=today, by=by)
    channel_steps.add_person(made, "孙海", f"1547777888{turn}", by)
    loan = Loan.objects.select_related("customer").order_by("pk")[0]
    subject, mobile = loan.customer.subject, f"1540000000{turn}"
    messaging_steps.send(template_code="repayment_reminder", recipient_subject=subject, address=mobile, facts=FACTS, by=by)
    compliance_steps.reserve_contact(
        subject=subject, channel="voice", purpose="service", address=mobile, by=by, at=moment(f"2026-03-1{turn} 10:00")
    )
    other = Customer.objects.exclude(pk=loan.customer_id).order_by("pk")[turn]
    relate_customers(customer_number=loan.customer.number, other_number=other.number, kind="partner", by=by)
    receipt = CounterReceipt(amount=Money(5_000), paid_on=today, channel="bank", reference=f"S{turn}")
    record_repayment(loan_number=loan.number, receipt=receipt, by=by)
    _ask_for_a_refund(turn, by, today)
    _collect(turn, by, today)
    _provide(turn, by, today)
    _reprice(turn, today)
    if turn == 1:
        _cost(today, by)
    left = Lead.objects.filter(status__in=OPEN, assigned_on__isnull=False).order_by("pk")[0]
    Lead.objects.filter(pk=left.pk).update(owner=None, assigned_on=None)
    renewal = start_application(customer_number=other.number, product_code="P01", business_date=today, by=by)
    Application.objects.filter(pk=renewal.pk).update(refinances=Loan.objects.filter(status="active").order_by("pk")[turn].contract.number)
