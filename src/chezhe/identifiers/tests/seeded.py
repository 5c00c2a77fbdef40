"""Seeded chance for the tests of what the simulation invents."""

from random import Random


def seeded(seed: int) -> Random:
    """A generator that gives the same values for the same seed; nothing here needs secrecy."""
    return Random(seed)
