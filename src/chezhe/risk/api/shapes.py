"""What several operations of this room answer with."""

from datetime import date

from chezhe.kernel import rest


class FactConsentOut(rest.Out):
    """On which consent a fact was asked for; `number` is our own of the proof."""

    kind: str
    number: str
    given_on: date
