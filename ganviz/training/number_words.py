"""Numbers as words of a sentence."""

from __future__ import annotations

import math


def power(value: float, decimals: int = 0) -> str:
    """A positive number as a power of ten: 3×10⁻⁷, with ``decimals`` 2.6×10⁻⁷; ∞, or a
    dash for what is no number."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    digits, exponent = f"{value:.{decimals}e}".split("e")
    return f"{digits}×10{str(int(exponent)).translate(_SUPERSCRIPT)}"


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
