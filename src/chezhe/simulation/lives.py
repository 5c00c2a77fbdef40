"""Invented people and companies with one seeded hidden life each: who they are, what they earn, how they pay.

Everything a check or a simulator says about somebody derives from this one life. Resemblance to real people is
accidental: numbers come from ranges that nobody is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from chezhe import invented
from chezhe.customers.values import CompanyFacts, PersonFacts, TradeFacts
from chezhe.finmath.money import Money
from chezhe.identifiers import bank_card, synthetic
from chezhe.invented import trades
from chezhe.invented.debts import standing
from chezhe.invented.people import PersonLife
from chezhe.simulation.chance import pick
from chezhe.vehicles.values import VehicleFacts

GIVEN = "明华强芳静磊军洋勇艳杰娟涛超秀霞平刚桂英志伟红玉兰晨曦子轩雨桐浩然思远嘉怡文博梓涵天佑安宁若溪景行书瑶怀瑾"
# Makers' codes; which model it is, the VIN itself says (chezhe.invented).
CARS = ("LSV", "LFM", "LGX", "LGX", "LHG", "LB3", "LRW", "LZW", "LSG", "LJX")
TRUCKS = ("LFW", "LGA")
PLATES = {"HZ01": ("浙", "A"), "NB01": ("浙", "B"), "SZ01": ("粤", "B")}
CITIES = {"HZ01": "浙江省杭州市西湖区", "NB01": "浙江省宁波市鄞州区", "SZ01": "广东省深圳市南山区"}
PROVINCES = {"HZ01": "33", "NB01": "33", "SZ01": "44"}


# How each product is usually repaid, and over how many months.
METHODS: dict[str, dict[str, int]] = {
    "P01": {"equal_instalment": 14, "equal_principal": 3, "flat_equal": 2, "balloon": 1},
    "P02": {"equal_instalment": 4, "equal_principal": 1}, "P03": {"equal_instalment": 3, "interest_only_bullet": 1},
    "P05": {"interest_only_bullet": 5, "equal_instalment": 4, "bullet": 1},
    "P10": {"equal_instalment": 3, "interest_only_bullet": 1},
}
PERIODS = {
    "P01": (12, 12, 24, 24, 36), "P02": (12, 12, 12, 24), "P03": (6, 12, 12, 24), "P05": (3, 6, 6, 12, 12), "P10": (6, 12, 12, 24),
}
# Of those who run a trade and borrow on their own car, so many borrow for the trade.
FOR_THE_TRADE = 0.7
ENTERPRISE_SHARE, MARRIED_SHARE, BAD_ACCOUNT_SHARE = 0.08, 0.2, 0.03
BAD_ACCOUNTS = {"901": 4, "902": 3, "903": 2, "904": 2, "905": 1, "906": 4}
# Accounts that end so, before the check digit, have a fate of their own.
BAD_FROM = "900"
LEAST, LONGEST = Money(3_000_000), 24
CARRIED_PERCENT = 45
# Of those whose pay leaves them nothing, so many come all the same.
HOPEFUL_SHARE = 0.2
# A car that has gone farther is turned away at the counter.
KILOMETRES_MOST = 300_000
# Who lives elsewhere than in the branch's city.
STRANGER_SHARE = 0.08
INCOME_LEAST = Money(400_000)


class Payer(StrEnum):
    """How somebody pays, from the day of the first instalment to the last."""

    PROMPT = "prompt"
    FORGETFUL = "forgetful"
    STRAINED = "strained"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Life:
    """One borrower's truth. `wanted` is the loan sought, `income` the real monthly income, `card` the account that the
    bank will pay or refuse, `trade` what somebody shows who borrows for the trade he runs. A company has a `guarantor`, a married
    person may bring a `spouse`; whoever is `GONE` pays `pays_first` instalments and then nothing more."""

    branch_code: str
    person: PersonFacts | None
    company: CompanyFacts | None
    guarantor: PersonFacts | None
    car: VehicleFacts
    card: str
    income: Money
    debts: Money
    wanted: Money
    product_code: str
    method: str
    periods: int
    due_day: int
    payer: Payer
    pays_by_transfer: bool
    pays_first: int
    source: str
    spouse: PersonFacts | None = None
    trade: TradeFacts | None = None

    def paying_again(self) -> Life:
        """The same person after an arrangement: late now and then, but there."""
        return replace(self, payer=Payer.FORGETFUL)

    @property
    def name(self) -> str:
        holder = self.person or self.company
        assert holder is not None
        return holder.name

    @property
    def mobile(self) -> str:
        holder = self.person or self.company
        assert holder is not None
        return holder.mobile


def invent(rng: Random, branch_code: str, on: date, sources: tuple[str, ...]) -> Life:
    """The next life of a branch, born long before `on`."""
    is_company = rng.random() < ENTERPRISE_SHARE
    person = None if is_company else _person(rng, branch_code, on)
    income = person.monthly_income if person is not None and person.monthly_income is not None else _takings(rng)
    car = _car(rng, branch_code, on, TRUCKS if is_company else CARS)
    product_code = "P05" if is_company else "P01" if car.condition == "new" else rng.choice(("P02", "P03"))
    truth = invented.person(person.id_number) if person is not None else None
    trade = _trade(truth, on) if truth is not None and product_code == "P03" else None
    product_code = "P10" if trade is not None else product_code
    price = car.invoice_price or Money(0)
    wanted = Money(price.fen * rng.choice((40, 45, 50, 55, 60)) // 100 // 100_000 * 100_000)
    method = pick(rng, METHODS[product_code])
    periods = 12 if method == "balloon" else rng.choice(PERIODS[product_code])
    owed = _owed(truth, on) if truth is not None else 0
    if truth is not None and method != "balloon":
        wanted, periods = carried(Money(max(0, _free(truth, on))), wanted, periods, max(PERIODS[product_code]))
    has_spouse = person is not None and person.marital_status == "married" and rng.random() < MARRIED_SHARE
    return Life(
        branch_code=branch_code, person=person, company=_company(rng, branch_code, on) if is_company else None,
        guarantor=_person(rng, branch_code, on) if is_company else None,
        spouse=_person(rng, branch_code, on, marital_status="married") if has_spouse else None, car=car, card=_card(rng),
        income=income, debts=Money(owed * rng.choice((0, 40, 80, 100, 100, 100, 100, 100)) // 100), wanted=max(LEAST, wanted),
        product_code=product_code, method=method, periods=periods,
        due_day=rng.choice((5, 8, 10, 15, 15, 18, 20, 25, 28, 31)), payer=_payer(rng, person),
        pays_by_transfer=rng.random() < 0.6, pays_first=rng.randrange(0, 7), source=rng.choice(sources), trade=trade,
    )


def _trade(life: PersonLife, on: date) -> TradeFacts | None:
    """The licence of the trade that somebody borrows for. It says what was so when it was given out: whether the trade stands still, the
    register knows."""
    own = trades.of(life)
    if own is None or own.registered_on > on or not life.chance.happens("borrows for the trade", FOR_THE_TRADE):
        return None
    return TradeFacts(uscc=own.uscc, registered_on=own.registered_on, name=own.name, premises=life.address)


def carried(free: Money, wanted: Money, periods: int, longest: int) -> tuple[Money, int]:
    """People know what their pay leaves them each month beside what they owe: they take longer to pay, and then ask for less."""
    if wanted.fen > free.fen * periods:
        periods = longest
    return min(wanted, Money(free.fen * periods // 100_000 * 100_000)), periods


def _owed(life: PersonLife, on: date) -> int:
    """Fen due to lenders each month, whoever is told of it."""
    return sum(standing(account, on).due_fen for account in life.accounts_on(on))


def _free(life: PersonLife, on: date) -> int:
    """Fen that are left for an instalment each month; below zero for whoever owes more than the pay carries."""
    return life.income_on(on) * CARRIED_PERCENT // 100 - _owed(life, on)


def another_car(rng: Random, branch_code: str, on: date) -> VehicleFacts:
    """One more car of somebody's."""
    return _car(rng, branch_code, on, CARS)


def friend(rng: Random, branch_code: str, on: date) -> PersonFacts:
    """Somebody in work who stands surety for a borrower."""
    return _person(rng, branch_code, on)


def _card(rng: Random) -> str:
    """An account that the bank pays out to, or now and then one of those that it will not (payments.vendors.bank)."""
    fate = pick(rng, BAD_ACCOUNTS) if rng.random() < BAD_ACCOUNT_SHARE else f"{rng.randrange(100, 900)}"
    body = f"{synthetic.UNASSIGNED_ISSUER}{rng.randrange(10**9):09d}{fate}"
    return body + bank_card.luhn_digit(body)


def good_card(rng: Random) -> str:
    """Another account, which takes money."""
    body = f"{synthetic.UNASSIGNED_ISSUER}{rng.randrange(10**9):09d}{rng.randrange(100, 900)}"
    return body + bank_card.luhn_digit(body)


def _address(rng: Random, branch_code: str) -> str:
    return f"{CITIES[branch_code]}示例路 {rng.randrange(1, 400)} 号 {rng.randrange(1, 30)} 幢 {rng.randrange(101, 2800)} 室"


def _takings(rng: Random) -> Money:
    """What a company's owner lives on each month."""
    return Money(rng.choice((45, 60, 75, 90, 120, 160, 220)) * 10_000 + rng.randrange(0, 9_900, 100))


def _payer(rng: Random, person: PersonFacts | None) -> Payer:
    """Four in a hundred stop paying, seven struggle, eleven forget: those whose propensity to pay is the lowest, with some luck."""
    if person is None:
        return rng.choices(tuple(Payer), weights=(78, 11, 7, 4))[0]
    place = invented.person(person.id_number).character * 0.8 + rng.random() * 0.2
    shares = ((Payer.GONE, 0.10), (Payer.STRAINED, 0.18), (Payer.FORGETFUL, 0.29))
    return next((payer for payer, most in shares if place < most), Payer.PROMPT)


def _person(rng: Random, branch_code: str, on: date, marital_status: str = "") -> PersonFacts:
    """Somebody in work, as their identity number has it (chezhe.invented): so do bureau, bank, phone and court."""
    while True:
        born = on - timedelta(days=rng.randrange(22 * 365, 58 * 365))
        number = synthetic.invent_id_number(rng, born, rng.choice(("male", "female")), PROVINCES[branch_code])
        life = invented.person(number)
        job = life.job_on(on)
        if job is None or life.declared_income_on(on) < INCOME_LEAST.fen:
            continue
        if _free(life, on) * LONGEST >= LEAST.fen or rng.random() < HOPEFUL_SHARE:
            break
    return PersonFacts(
        name=life.name, id_number=number, mobile=life.mobile, marital_status=marital_status or life.marital_on(on),
        address=life.address if life.ring is not None or rng.random() < STRANGER_SHARE else _address(rng, branch_code),
        employer=job.employer, monthly_income=Money(life.declared_income_on(on)),
    )


def _company(rng: Random, branch_code: str, on: date) -> CompanyFacts:
    """A company that has stood for two years, as its code has it."""
    while True:
        life = invented.company(synthetic.invent_uscc(rng, PROVINCES[branch_code]))
        if life.established_on < on - timedelta(days=730) and life.status_on(on) == "active":
            break
    return CompanyFacts(
        name=life.name, uscc=life.uscc, legal_representative=life.legal_representative, actual_controller=life.legal_representative,
        mobile=synthetic.invent_mobile(rng), address=_address(rng, branch_code), registered_capital=Money(life.capital_fen),
        industry=life.trade, established_on=life.established_on,
    )


def _car(rng: Random, branch_code: str, on: date, makers: tuple[str, ...]) -> VehicleFacts:
    """A car as its VIN has it: one used as the product asks, registered by now unless it is new."""
    usage = "freight" if makers is TRUCKS else "non_commercial"
    years = rng.choice((0, 1, 2, 2, 3, 4, 5))
    while True:
        life = invented.car(synthetic.invent_vin(rng, on.year - years, rng.choice(makers)))
        guide = Money(life.model.price_fen)
        worth = Money(guide.fen * max(30, 100 - 8 * years) // 100)
        is_lent_on = worth.fen >= LEAST.fen * 2 and (not years or life.odometer_on(on) <= KILOMETRES_MOST)
        if life.usage == usage and is_lent_on and (not years or life.registered_on < on):
            break
    registered = life.registered_on if years else None
    province, office = PLATES[branch_code]
    energy = life.model.energy
    plate_energy = {"pure_electric": "pure_electric", "plug_in_hybrid": "not_pure_electric"}.get(energy, "")
    return VehicleFacts(
        vin=life.vin, brand=life.model.brand, model=life.model.name, energy_type=energy,
        condition="used" if registered else "new", plate=synthetic.invent_plate(rng, province, office, plate_energy) if registered else "",
        engine_no=life.engine_no, first_registered_on=registered, usage_nature=usage,
        mileage_km=life.odometer_on(on) if registered else None, colour=life.colour, invoice_price=worth, guide_price=guide,
    )
