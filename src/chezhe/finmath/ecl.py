"""Expected credit loss (CAS 22): exposure × PD × LGD × discount, half up to the fen."""

from decimal import Decimal

from chezhe.finmath import kernels


def expected_loss_fen(exposure_fen: int, default_probability: Decimal, loss_rate: Decimal, discount: Decimal = Decimal(1)) -> int:
    """The loss allowance in fen: 12-month PD in stage 1, lifetime PD in stage 2, PD 1 in stage 3."""
    for name, value in (("default_probability", default_probability), ("loss_rate", loss_rate), ("discount", discount)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must lie between 0 and 1")
    top, bottom = 1, 1
    for share in (default_probability, loss_rate, discount):
        numerator, denominator = share.as_integer_ratio()
        top, bottom = top * numerator, bottom * denominator
    return kernels.round_half_up(exposure_fen * top, bottom)
