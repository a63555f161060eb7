"""All images of one recorded step, and the slider that goes through the steps."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen

from ganviz.ui.own_keys import HANDLE_KEYS, WINDOW_S, claim
from ganviz.ui.panels.tiles import Canvas
from ganviz.ui.value_slider import FlatSlider

GAP, FOOT = 8, 16


class StepSlider(FlatSlider):
    """Chooses one of the recorded steps; at its right end is this moment. The arrow keys are its own where it
    has the focus."""

    def __init__(self) -> None:
        super().__init__(1)
        self.setObjectName("image_history.step")
        self.setAccessibleName("Samples over time: step")
        self.setToolTip("Which recorded step is shown. At the right end it follows the run.")

    def event(self, event: QEvent) -> bool:
        """Keep the window from taking the keys that move the handle."""
        return claim(event, HANDLE_KEYS, but_with=WINDOW_S) or super().event(event)


class StepGrid(Canvas):
    """The images in as many columns as make them largest, each with its number below. ``picked`` carries the
    number of one that was clicked."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 80)
        self._tiles: list[QImage] = []
        self._chosen: int | None = None

    def show_images(self, tiles: list[QImage]) -> None:
        """Show these images, all of one size."""
        self._tiles = tiles
        self.update()

    def show_pick(self, number: int | None) -> None:
        """Mark the chosen one."""
        self._chosen = number
        self.update()

    def boxes(self) -> list[QRectF]:
        """Where the images stand."""
        count, gap, foot = len(self._tiles), self.px(GAP), self.px(FOOT)
        if not count:
            return []
        across, down = self._tiles[0].width(), self._tiles[0].height()

        def cell(columns: int) -> float:
            rows = math.ceil(count / columns)
            wide = (self.width() / columns - gap) / across
            return min(wide, (self.height() / rows - foot - 2) / down)

        columns = max(range(1, count + 1), key=cell)
        wide, high = max(cell(columns), 0.1) * across, max(cell(columns), 0.1) * down
        left = (self.width() - columns * (wide + gap)) / 2 + gap / 2
        return [
            QRectF(left + n % columns * (wide + gap), 2 + n // columns * (high + foot), wide, high)
            for n in range(count)
        ]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for number, box in enumerate(self.boxes()):
            if box.contains(event.position()):
                self.picked.emit(number)

    def paint(self, painter: QPainter) -> None:
        for number, (box, image) in enumerate(zip(self.boxes(), self._tiles, strict=True)):
            self.tile(painter, box, image)
            below = QRectF(box.left(), box.bottom() + 1, box.width(), self.px(FOOT - 2))
            self.words(painter, below, str(number + 1), colour=self.theme.mute)
            if number == self._chosen:
                painter.setPen(QPen(QColor(self.theme.focus), self.px(2)))
                painter.drawRect(box.adjusted(-2, -2, 2, 2))
