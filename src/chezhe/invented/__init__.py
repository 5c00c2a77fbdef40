"""Invented people, companies and cars: one hidden life each, from which every outside service tells its part.

A life is a function of its number alone: the same number is the same life for the bureau, the bank, the court and the
repayments, today and next year. Pure Python: no clock, no Django, no state but caches. Money is whole fen in integers
(`_fen`); what changes with time takes `on`, and what is told of a later day continues what was told of an earlier one.
"""

from chezhe.invented.cars import CarLife, car
from chezhe.invented.companies import CompanyLife, company
from chezhe.invented.people import PersonLife, person

__all__ = ["CarLife", "CompanyLife", "PersonLife", "car", "company", "person"]
