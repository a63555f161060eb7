"""How a line of a game of two numbers looks: colour by what its players pay, strokes by penalty and order.

A stroke is read like this: solid, nothing added; dashes, a penalty or another cure; dots, the order of
updates (one: alternating, two: extragradient). A mark: hollow, a penalty; circle, triangle or square, the
order. Methods that look alike stand side by side under their names.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ganviz.experiment.portrait import method_and_order
from ganviz.theory.dirac_methods import METHODS, MINIMAX, NON_SATURATING
from ganviz.ui.theme import Theme

SHORT = {
    "minimax": "GAN",
    "non_saturating": "NS-GAN",
    "least_squares": "LSGAN",
    "hinge": "Hinge",
    "wasserstein": "WGAN",
    "wasserstein_clip": "WGAN clipped",
    "wgan_gp": "WGAN-GP",
    "r1": "GAN + R1",
    "r2": "GAN + R2",
    "r1_r2": "GAN + R1 + R2",
    "non_saturating_r1": "NS-GAN + R1",
    "instance_noise": "GAN + noise",
    "consensus": "Consensus",
}
"""Short names of the methods, as curves are labelled."""
ORDER_SHORT = {"simultaneous": "", "alternating": "alt.", "extragradient": "extra"}
_FAMILIES = {MINIMAX: "minimax", NON_SATURATING: "non_saturating"}
_DASH, _DOT = [6.0, 2.4], [1.2, 2.2]
STROKES = {
    (False, "simultaneous"): [],
    (False, "alternating"): _DOT,
    (False, "extragradient"): [1.2, 1.4, 1.2, 4.4],
    (True, "simultaneous"): _DASH,
    (True, "alternating"): [*_DASH, *_DOT],
    (True, "extragradient"): [*_DASH, 1.2, 1.6, 1.2, 2.4],
}
"""(with a penalty, order) to the pattern of a pen in its widths: drawn, left out, ...; none: solid."""


@dataclass(frozen=True)
class Look:
    """``family`` is the id of the objective whose colour the line has, ``pattern`` a row of `STROKES`."""

    name: str
    family: str
    pattern: tuple[float, ...]
    has_penalty: bool
    order: str

    def colour(self, theme: Theme) -> str:
        """The colour in a theme."""
        return theme.objective(self.family)

    def pen(self, colour: QColor, width: float) -> QPen:
        """A pen with the line's strokes."""
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self.pattern:
            pen.setDashPattern(list(self.pattern))
        return pen


def look_of(line: str) -> Look:
    """The look of a line, ``METHOD`` or ``METHOD/ORDER``."""
    method, order = method_and_order(line)
    row = METHODS[method]
    cured = bool(row.parameters)
    name = f"{SHORT[method]} {ORDER_SHORT[order]}".strip()
    return Look(name, _FAMILIES.get(row.costs, "other"), tuple(STROKES[cured, order]), cured, order)


def draw_sample(painter: QPainter, box: QRectF, look: Look, colour: QColor, width: float = 2.0) -> None:
    """A short piece of the line across the middle of a box."""
    painter.setPen(look.pen(colour, width))
    y = box.center().y()
    painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))


def draw_mark(  # noqa: PLR0917 - where, what and how
    painter: QPainter, at: QPointF, look: Look, colour: QColor, size: float, ground: QColor
) -> None:
    """The line's mark, ``size`` pixels from the middle to its edge; hollow where it has a penalty."""
    painter.setPen(QPen(colour, max(1.6, min(size * 0.4, 2.4))))
    painter.setBrush(ground if look.has_penalty else colour)
    if look.order == "simultaneous":
        painter.drawEllipse(at, size, size)
    elif look.order == "alternating":
        corners = ((0.0, -1.15), (1.05, 0.75), (-1.05, 0.75))
        painter.drawPolygon(QPolygonF([at + QPointF(x * size, y * size) for x, y in corners]))
    else:
        painter.drawRect(QRectF(at.x() - 0.9 * size, at.y() - 0.9 * size, 1.8 * size, 1.8 * size))
    painter.setBrush(Qt.BrushStyle.NoBrush)
