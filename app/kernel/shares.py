"""How sure a share is: the interval that every room prints beside its n, computed in one place."""

from math import sqrt

Z = 1.959964


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Give the 95 % interval of a share, as shares between nought and one (Wilson 1927).

    `whole` is not nought. Rounding takes neither end out of what a share can be.
    """
    share, square = part / whole, Z * Z
    centre = (part + square / 2) / (whole + square)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    half /= 1 + square / whole
    return max(0.0, centre - half), min(1.0, centre + half)
