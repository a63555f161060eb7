"""Formulas: kept as outlines, shown in the colour and size asked for."""

import subprocess
import sys

import numpy as np
import pytest
import ziamath
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formula, typeset
from ganviz.ui.panels.catalogue import PANELS, load


def inked(image: QImage) -> np.ndarray:
    held = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(held.constBits(), np.uint8).reshape(held.height(), held.width(), 4).copy()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_formula_has_its_colour_and_size(qtbot: QtBot, ratio: float) -> None:
    pixmap = formula.formula_pixmap(r"\log(1-D)", 16, "#bf3f00", ratio)
    pixels = inked(pixmap.toImage())
    solid = pixels[pixels[..., 3] > 200][:, :3]
    assert len(solid) > 40
    np.testing.assert_allclose(np.median(solid, axis=0), [0xBF, 0x3F, 0x00], atol=4)
    assert pixmap.deviceIndependentSize().width() == pytest.approx(
        formula.formula_size(r"\log(1-D)", 16)[0], abs=2
    )
    assert formula.formula_pixmap(r"\log(1-D)", 16, "#bf3f00", ratio).cacheKey() == pixmap.cacheKey()


def test_every_formula_in_the_program_can_be_set(qtbot: QtBot) -> None:
    texts = {text for row in OBJECTIVES.values() for text in (row.d_equation, row.g_equation)}
    texts |= {load(key).equation for key in PANELS}
    texts |= {entry.tex for key in PANELS for entry in load(key).legend_entries if entry.tex}
    for text in texts:
        assert (inked(formula.formula_pixmap(text, 15, "#000000").toImage())[..., 3] > 200).sum() > 4, text


def test_a_label_shows_its_formula(qtbot: QtBot) -> None:
    label = formula.FormulaLabel(r"D=\sigma(a)")
    qtbot.addWidget(label)
    label.apply("#0079c1", 15)
    label.resize(label.sizeHint())
    picture = inked(label.grab().toImage())[..., :3].astype(int)
    blue = QColor("#0079c1")
    assert (np.abs(picture - [blue.red(), blue.green(), blue.blue()]).max(axis=2) < 20).sum() > 20


def ink_of(tex: str, px: float) -> np.ndarray:
    """How much ink each pixel of a formula has, 0 to 1."""
    return inked(formula.formula_pixmap(tex, px, "#000000").toImage())[..., 3] / 255


@pytest.mark.parametrize("tex", typeset.known())
def test_a_kept_outline_is_what_ziamath_sets_today(qtbot: QtBot, tex: str) -> None:
    """Against ziamath's own picture of the whole, at a size that no outline is kept in."""
    px = 20
    ziamath.config.svg2 = False  # QtSvg draws SVG 2 pictures empty
    whole = ziamath.Latex(tex, size=px, color="#000000", inline=True).svg()
    renderer = QSvgRenderer(QByteArray(whole.encode()))
    box = renderer.viewBoxF()
    assert formula.formula_size(tex, px) == pytest.approx((box.width(), -box.top()), abs=0.01)
    image = QImage(*ink_of(tex, px).shape[::-1], QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, box.width(), box.height()))
    painter.end()
    # Qt rounds each corner to 1/64 pixel: where several edges cross one pixel it may differ by a tenth or so.
    difference = np.abs(ink_of(tex, px) - inked(image)[..., 3] / 255)
    assert difference.max() < 0.15
    assert difference.mean() < 0.003


@pytest.mark.sets_formulas
def test_a_formula_that_is_not_kept_is_set_when_it_is_asked_for(qtbot: QtBot) -> None:
    tex = r"\sqrt[3]{x}"
    assert tex not in typeset.known()
    assert ink_of(tex, 16).sum() > 20


def test_no_window_loads_ziamath(qtbot: QtBot) -> None:
    """In a process of its own: its import alone makes the window deaf for a quarter of a second."""
    code = """
import sys
from PySide6.QtWidgets import QApplication
from ganviz.ui.panels.catalogue import load
application = QApplication([])
panel = load("losses")()
panel.resize(500, 300)
panel.grab()
assert "ziamath" not in sys.modules and "torch" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_formula_is_read_out_without_its_marks() -> None:
    assert formula.spoken(r"-\log(1-D)") == "-log(1-D)"
    assert formula.spoken(r"p_{\mathrm{data}}") == "p_data"
    assert formula.spoken(r"\mathbb{E}\log D\,+\ 1") == "Elog D+1"


def test_the_short_form_stands_in_where_the_whole_finds_no_room(qtbot: QtBot) -> None:
    whole, short = r"L_D = \mathbb{E}\,[-\log D(x)] + \mathbb{E}\,[-\log(1-D(G(z)))]", r"L_D"

    def drawn(*forms: str, width: int) -> QImage:
        label = formula.FormulaLabel()
        qtbot.addWidget(label)
        label.set_formula(*forms)
        label.resize(width, 24)
        return label.grab().toImage()

    assert drawn(whole, short, width=400) == drawn(whole, width=400) != drawn(short, width=400)
    assert drawn(whole, short, width=120) == drawn(short, width=120) != drawn("", width=120)
    assert drawn(whole, short, width=4) == drawn("", width=4)
