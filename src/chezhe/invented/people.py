"""One person's hidden life. What bureaus, banks, courts, phones and repayments tell of somebody all comes from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from chezhe.invented import debts, fates, rings, troubles, words, work
from chezhe.invented.chance import Chance, below
from chezhe.invented.debts import Account
from chezhe.invented.fates import Fate
from chezhe.invented.months import between, later
from chezhe.invented.rings import Ring
from chezhe.invented.troubles import Event, Shock
from chezhe.invented.work import Job

EDUCATIONS = ("junior", "senior", "college", "bachelor", "master")
HORIZON_FIRST, HORIZON_LAST = date(2012, 1, 1), date(2032, 12, 31)
_ADULT_MONTHS = 20 * 12


@dataclass(frozen=True, slots=True)
class Lies:
    """What somebody tells a lender that is not so. `income_factor` is what the declared income is of the true one."""

    income_factor: float = 1.0
    hides_debts: bool = False
    forges_statement: bool = False
    borrows_identity: bool = False


@dataclass(frozen=True, slots=True)
class PersonLife:
    """Everything true about one identity number. `character` (0..1, evenly over people) is the propensity to pay, `hunger` (a standard
    normal number) the wish for credit. Days lie on a calendar of their own: ask with `on`, and a later day tells the same past."""

    id_number: str
    fate: Fate
    name: str
    born_on: date
    is_male: bool
    character: float
    hunger: float
    city: str
    home_city: str
    education: str
    married_on: date | None
    divorced_on: date | None
    house_bought_on: date | None
    address: str
    mobile: str
    mobile_since: date
    device: str
    employer_phone: str
    jobs: tuple[Job, ...]
    shocks: tuple[Shock, ...]
    accounts: tuple[Account, ...]
    cases: tuple[Event, ...]
    gambles: bool
    lies: Lies
    ring: Ring | None

    @property
    def chance(self) -> Chance:
        """More draws of this life, by name."""
        return Chance(self.id_number)

    def age_on(self, on: date) -> int:
        """Completed years."""
        return between(self.born_on, on) // 12

    def job_on(self, on: date) -> Job | None:
        """The work of a day; None between two jobs, or before the first."""
        return work.job_on(self.jobs, on)

    def income_on(self, on: date) -> int:
        """True monthly income in fen, as an average of these months; a hard time lowers it."""
        return work.income_on(self.jobs, self.shocks, on)

    def accounts_on(self, on: date) -> tuple[Account, ...]:
        """Every credit opened up to a day, closed ones included."""
        return tuple(account for account in self.accounts if account.opened_on <= on)

    def enquiries_in(self, first: date, last: date) -> tuple[Event, ...]:
        """Who asked about this person from one day to another (not included), oldest first."""
        return troubles.enquiries(self.chance, self.accounts, self.hunger, self.shocks, self.ring is not None, first, last)

    def marital_on(self, on: date) -> str:
        """single, married or divorced."""
        if self.married_on is None or self.married_on > on:
            return "single"
        return "divorced" if self.divorced_on is not None and self.divorced_on <= on else "married"

    def owns_house_on(self, on: date) -> bool:
        return self.house_bought_on is not None and self.house_bought_on <= on

    def declared_income_on(self, on: date) -> int:
        """What an application would say, in fen, rounded to a hundred yuan."""
        return int(self.income_on(on) * self.lies.income_factor) // 10_000 * 10_000

    def declared_debt_on(self, on: date) -> int:
        """What an application would say of this month's instalments, in fen: a third of it, for somebody who hides debts."""
        due = sum(debts.standing(account, on).due_fen for account in self.accounts_on(on))
        return (due // 3 if self.lies.hides_debts else due) // 10_000 * 10_000


@lru_cache(maxsize=4096)
def person(id_number: str) -> PersonLife:
    """The life that belongs to an 18-character identity number. Raises ValueError when its birth date is none."""
    fate, chance = fates.of_person(id_number), Chance(id_number)
    born_on = date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    inner, hunger = _character(chance, fate)
    adult_on = max(later(born_on, _ADULT_MONTHS), HORIZON_FIRST)
    skill = 0.3 * inner + 0.95 * chance.normal("skill")
    shocks = troubles.shocks(chance, adult_on, HORIZON_LAST, inner)
    jobs = work.jobs(chance, adult_on, HORIZON_LAST, skill, inner)
    married_on, divorced_on = _marriage(chance, born_on)
    house_bought_on = _house(chance, born_on, skill)
    accounts = debts.accounts(chance, debts.Borrower(adult_on, HORIZON_LAST, inner, hunger, jobs, shocks, house_bought_on, fate))
    ring = rings.of(chance, fate)
    home = words.city_of(chance, id_number[:2])
    return PersonLife(
        id_number=id_number, fate=fate, name=words.person_name(chance), born_on=born_on, is_male=int(id_number[16]) % 2 == 1,
        character=below(inner), hunger=hunger, home_city=home, city=home if chance.happens("stays", 0.7) else "杭州",
        education=_education(chance, skill), married_on=married_on, divorced_on=divorced_on, house_bought_on=house_bought_on,
        address=ring.address if ring and ring.shares_address else _address(chance, home),
        mobile=ring.mobile if ring and ring.shares_mobile else words.mobile_number(chance, "mobile"),
        mobile_since=_mobile_since(chance, adult_on, inner),
        device=ring.device if ring and ring.shares_device else f"DV{_hex(chance, 'device')}",
        employer_phone=ring.employer_phone if ring and ring.shares_employer else f"0571-{chance.whole('office', 10**7, 10**8 - 1)}",
        jobs=jobs, shocks=shocks, accounts=accounts,
        cases=troubles.cases(chance, adult_on, HORIZON_LAST, inner, fate), gambles=chance.happens("gambles", 0.035 + 0.06 * below(-inner)),
        lies=_lies(chance, fate, inner, ring is not None), ring=ring,
    )


def _character(chance: Chance, fate: Fate) -> tuple[float, float]:
    if fate.code == fates.GOOD:
        return 1.8, -1.2
    if fate.code == fates.BAD:
        return -2.2, 1.5
    inner = chance.normal("character")
    return inner, -0.45 * inner + 0.89 * chance.normal("hunger")


def _education(chance: Chance, skill: float) -> str:
    return EDUCATIONS[min(4, int(below(0.75 * skill + 0.66 * chance.normal("school")) * 5))]


def _marriage(chance: Chance, born_on: date) -> tuple[date | None, date | None]:
    if chance.happens("never marries", 0.14):
        return None, None
    married_on = later(born_on, 12 * 22 + chance.whole("wedding", 0, 150))
    return married_on, later(married_on, chance.whole("divorce", 14, 160)) if chance.happens("divorces", 0.2) else None


def _house(chance: Chance, born_on: date, skill: float) -> date | None:
    if not chance.happens("house", 0.25 + 0.5 * below(skill)):
        return None
    return later(born_on, 12 * 24 + chance.whole("house bought", 0, 190))


def _mobile_since(chance: Chance, adult_on: date, inner: float) -> date:
    """Steady people keep a number; the others took a new one lately, by a calendar of their own."""
    if chance.happens("keeps number", 0.45 + 0.4 * below(inner)):
        return later(adult_on, chance.whole("number taken", 0, 60))
    return later(date(2019, 1, 1), chance.whole("number taken late", 0, 86))


def _lies(chance: Chance, fate: Fate, inner: float, is_in_ring: bool) -> Lies:
    is_stranger = fate.code == fates.STRANGER or (is_in_ring and chance.happens("stranger", 0.12)) or chance.happens("stolen", 0.0015)
    is_liar = fate.code == fates.LIAR or chance.happens("liar", 0.06 + 0.22 * below(-inner) + (0.3 if is_in_ring else 0))
    if fate.code == fates.GOOD or not is_liar:
        # Everybody rounds up a little, and counts what he hopes for.
        return Lies(income_factor=1 + 0.08 * chance.share("hopes"), borrows_identity=is_stranger)
    is_bold = fate.code == fates.LIAR
    return Lies(
        income_factor=1.25 + 0.75 * chance.share("boasts"), hides_debts=is_bold or chance.happens("hides", 0.5),
        forges_statement=is_bold or chance.happens("forges", 0.22), borrows_identity=is_stranger,
    )


def _address(chance: Chance, city: str) -> str:
    number, floor, flat = (chance.whole(part, low, high) for part, low, high in (("street", 1, 399), ("floor", 1, 28), ("flat", 1, 6)))
    return f"{city}市示例路 {number} 号 {floor}{flat:02d} 室"


def _hex(chance: Chance, name: str) -> str:
    return f"{chance.stream(name).getrandbits(64):016x}"
