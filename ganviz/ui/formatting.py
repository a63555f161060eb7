"""Numbers as the window prints them: "−" for minus, decimals and thousands by locale, tiny values never
shown as 0."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QLocale

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _locale() -> QLocale:
    """The user's locale; the plain C locale writes no thousands, so English stands in for it."""
    locale = QLocale()
    return QLocale(QLocale.Language.English) if locale.language() == QLocale.Language.C else locale


@lru_cache(maxsize=4096)  # asking the locale is slow, and axes ask for the same numbers at every frame
def fixed(value: float, decimals: int = 3) -> str:
    """``value`` with this many decimals; "–" where there is no number, "∞" where it has no bound."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = _locale().toString(float(value), "f", decimals)
    return text.replace("-", "−") if float(f"{value:.{decimals}f}") != 0.0 else text.lstrip("-−")


def significant(value: float, digits: int = 2) -> str:
    """``value`` with about this many digits that mean something: 0.047, 6.0, 17, 4,482, 2e-9."""
    if not math.isfinite(value) or value == 0.0:
        return fixed(value, 0)
    exponent = math.floor(math.log10(abs(value)))
    if exponent < -4 or exponent > 6:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(power)}".replace(
            "-", "−"
        )
    return fixed(value, max(digits - 1 - exponent, 0))


def reading(value: float) -> str:
    """A measured number: three decimals, and the power of ten where three decimals would read 0.000."""
    return significant(value, 1) if 0.0 < abs(value) < 5e-4 else fixed(value, 3)


def decade(exponent: int) -> str:
    """10 to the power ``exponent``, as an axis prints it."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def tick(value: float, spacing: float) -> str:
    """A tick of an axis whose ticks are ``spacing`` apart."""
    if abs(value) < spacing * 1e-9:
        return "0"
    decimals = max(0, -math.floor(math.log10(spacing) + 1e-9)) if spacing < 1 else 0
    return fixed(value, decimals)
