"""Formulas as outlines: TeX set in STIX by ziamath, once and for good.

To set one takes up to 75 ms and the first import a quarter of a second, during which a window would be deaf.
So every formula of the program stands in ``resources/formulas.json``, and ziamath is asked only for one that
does not. ``python -m ganviz.ui.typeset`` writes that file anew; formulas that it shall hold besides are its
arguments.
"""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ganviz import resources

FILE = "formulas.json"
FONT = "STIXTwoMathRegular_"
"""Begins the name that ziamath gives a glyph."""
LETTERS = 48.0
"""Height of the letters in which outlines are given, in units."""
Place = tuple[str, float, float, float]
Bar = tuple[float, float, float, float]


@dataclass(frozen=True)
class Outline:
    """One formula in letters `LETTERS` high, y downwards from the base line.

    ``box``: left, top, width, height of the ink. ``places``: each glyph's name, and x, y and scale at which
    it stands. ``bars``: left, top, width, height of strokes such as that of a fraction. ``glyphs``: SVG path
    data by name.
    """

    box: Bar
    places: tuple[Place, ...]
    bars: tuple[Bar, ...]
    glyphs: dict[str, str] = field(repr=False, compare=False)

    def svg(self, colour: str) -> bytes:
        """A picture of the ink alone, in one colour."""
        glyphs = "".join(
            f'<path transform="translate({x} {y}) scale({scale})" d="{self.glyphs[name]}"/>'
            for name, x, y, scale in self.places
        )
        bars = "".join(
            f'<rect x="{x}" y="{y}" width="{wide}" height="{high}"/>' for x, y, wide, high in self.bars
        )
        box = " ".join(map(str, self.box))
        start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><g fill="{colour}">'
        return f"{start}{glyphs}{bars}</g></svg>".encode()


@cache
def _kept() -> dict[str, Outline]:
    """The outlines of the file."""
    read = json.loads(resources.read_text(FILE))
    glyphs = read["glyphs"]
    return {
        tex: Outline(
            tuple(row["box"]), tuple(map(tuple, row["places"])), tuple(map(tuple, row["bars"])), glyphs
        )
        for tex, row in read["formulas"].items()
    }


def known() -> tuple[str, ...]:
    """The TeX of every formula that stands in the file."""
    return tuple(_kept())


@cache
def outline(tex: str) -> Outline:
    """The outline of a formula: from the file, else set now; no text, no ink."""
    if not tex:
        return Outline((0.0, 0.0, 0.0, 0.0), (), (), {})
    return _kept().get(tex) or typeset(tex)


def typeset(tex: str) -> Outline:
    """Set a formula. Raises what ziamath raises where the text is no TeX."""
    import ziamath

    ziamath.config.svg2 = True  # each glyph once, and where it stands
    formula = ziamath.Latex(tex, size=LETTERS, color="#000000", inline=True)
    ink, picture = formula.node.bbox, ET.fromstring(formula.svg())
    name_space = picture.tag.removesuffix("svg")
    symbols = list(picture.iter(f"{name_space}symbol"))
    glyphs, corners = {}, {}
    for symbol in symbols:
        name = symbol.attrib["id"].removeprefix(FONT)
        path = symbol.find(f"{name_space}path")
        glyphs[name] = path.attrib["d"].strip() if path is not None else ""
        corners[name] = [float(number) for number in symbol.attrib["viewBox"].split()]
    uses = list(picture.iter(f"{name_space}use"))
    places = []
    for use in uses:
        name = use.attrib["href"].removeprefix(f"#{FONT}")
        if not glyphs[name]:
            continue  # a space
        left, top, _, high = corners[name]
        scale = float(use.attrib["height"]) / high
        x, y = float(use.attrib["x"]) - left * scale, float(use.attrib["y"]) - top * scale
        places.append((name, round(x, 3), round(y, 3), round(scale, 5)))
    bars = [_bar(rect) for rect in picture.iter(f"{name_space}rect")]
    box = (ink.xmin, -ink.ymax, ink.xmax - ink.xmin, ink.ymax - ink.ymin)
    if len(symbols) + len(uses) + len(bars) != len(picture):
        raise ValueError(f"formula {tex!r}: holds a mark that is neither a glyph nor a bar")
    inked = {name: path for name, path in glyphs.items() if path}
    return Outline(_rounded(box), tuple(places), tuple(bars), inked)


def _bar(rect: ET.Element) -> Bar:
    return _rounded(tuple(float(rect.attrib[side]) for side in ("x", "y", "width", "height")))


def _rounded(numbers: Sequence[float]) -> Bar:
    left, top, width, height = (round(float(number), 3) for number in numbers)
    return left, top, width, height


def write(texts: Sequence[str]) -> None:
    """Set all these formulas anew and write the file: one glyph, one formula a line, in order."""
    rows: dict[str, Any] = {}
    glyphs: dict[str, str] = {}
    for tex in sorted(set(texts)):
        made = typeset(tex)
        rows[tex] = {"box": made.box, "places": made.places, "bars": made.bars}
        glyphs |= made.glyphs
    parts = (
        f'"{name}": {{\n' + ",\n".join(f"{json.dumps(key)}: {json.dumps(row)}" for key, row in table) + "\n}"
        for name, table in (("glyphs", sorted(glyphs.items())), ("formulas", rows.items()))
    )
    (resources.path("experiments").parent / FILE).write_text(
        "{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    write((*known(), *sys.argv[1:]))
