"""The slots of latent arithmetic, each with up to three samples and what G makes of their mean."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)

from ganviz.ui.own_keys import ENTERS, claim
from ganviz.ui.panels.picks import dropped
from ganviz.ui.panels.tiles import UNDER, Canvas

MOST = 3
HEAD, SMALL_GAP, PIXELS_APART, WORDS = 20, 4, 14, 56
TAKES_AWAY = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class SlotView(Canvas):
    """One slot. ``changed`` carries the numbers that it now holds.

    ``chosen`` is the sample that a click on an empty place, or Enter, puts in; a click on a sample, or
    Backspace, takes it out.
    """

    changed = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setMinimumSize(54, 80)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setObjectName(f"arithmetic.{name}")
        self.setAccessibleName(f"slot {name}")
        self.setToolTip(
            f"Slot {name}: drop samples here, or choose a sample and click an empty place (Enter). "
            "A click on a sample takes it out (Backspace)."
        )
        self.name = name
        self.numbers: tuple[int, ...] = ()
        self.chosen: int | None = None
        self._small: list[QImage] = []
        self._mean: QImage | None = None
        self._output, self._probability = math.nan, True

    # ------------------------------------------------------------ content

    def put(self, numbers: tuple[int, ...]) -> None:
        """Hold these samples, the first three of them; says nothing of it."""
        self.numbers = numbers[:MOST]
        self.update()

    def add(self, number: int | None) -> None:
        """Take one sample more, if there is room and it is not yet in."""
        if number is not None and number not in self.numbers and len(self.numbers) < MOST:
            self.put((*self.numbers, number))
            self.changed.emit(self.numbers)

    def remove(self, place: int) -> None:
        """Take out the sample at this place."""
        if 0 <= place < len(self.numbers):
            self.put((*self.numbers[:place], *self.numbers[place + 1 :]))
            self.changed.emit(self.numbers)

    def show_images(self, small: list[QImage], mean: QImage | None, output: float, probability: bool) -> None:
        """Show its samples, and what G makes of their mean with D's output."""
        self._small, self._mean, self._output, self._probability = small, mean, output, probability
        self.update()

    # ------------------------------------------------------------ where

    def _sides(self) -> tuple[float, float, float]:
        """(side of a sample, side of the mean, top): all of it in the middle of the height."""
        gap, between = self.px(SMALL_GAP), self.px(HEAD + UNDER + 10)
        small = max(6.0, min((self.width() - 4 * gap) / MOST, 0.25 * self.height()))
        large = max(8.0, min(self.width() - 2 * gap, self.height() - between - small))
        return small, large, max(0.0, (self.height() - between - small - large) / 2)

    def places(self) -> list[QRectF]:
        """Where its samples stand, empty places too."""
        gap, (side, _, top) = self.px(SMALL_GAP), self._sides()
        left = (self.width() - MOST * side - (MOST - 1) * gap) / 2
        return [QRectF(left + n * (side + gap), top + self.px(HEAD), side, side) for n in range(MOST)]

    def mean_box(self) -> QRectF:
        """Where the image of the mean stands."""
        _, side, _ = self._sides()
        above = self.places()[0].bottom() + self.px(10)
        return QRectF((self.width() - side) / 2, above, side, side)

    # ------------------------------------------------------------ hand and keys

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for place, box in enumerate(self.places()):
            if box.contains(event.position()) and place < len(self.numbers):
                self.remove(place)
                return
        self.add(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTERS:
            self.add(self.chosen)
        elif event.key() in TAKES_AWAY:
            self.remove(len(self.numbers) - 1)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the window from taking its keys."""
        return claim(event, (*ENTERS, *TAKES_AWAY)) or super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add(dropped(event))
        event.acceptProposedAction()

    # ------------------------------------------------------------ painting

    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        head = QRectF(0, self._sides()[2], self.width(), self.px(HEAD - 3))
        self.words(painter, head, f"mean of {self.name}", colour=theme.text, px=12.5)
        for place, box in enumerate(self.places()):
            if place < min(len(self._small), len(self.numbers)):
                self.tile(painter, box, self._small[place])
            else:
                painter.setPen(QPen(QColor(theme.control_border), 1, Qt.PenStyle.DashLine))
                painter.drawRect(box)
                self.words(painter, box, "+", colour=theme.mute, px=14)
        if self._mean is not None and self.numbers:
            box = self.mean_box()
            self.tile(painter, box, self._mean)
            self.score(painter, box, self._output, probability=self._probability, colour=theme.fake)
        else:  # a place to come, so that the signs stand between two things
            painter.setPen(QPen(QColor(theme.control_border), 1, Qt.PenStyle.DashLine))
            painter.drawRect(self.mean_box())
            self.words(painter, self.mean_box(), self.name, colour=theme.mute, px=16)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class Sign(Canvas):
    """A sign between two slots, at the height of the images of their means."""

    def __init__(self, sign: str, beside: SlotView) -> None:
        super().__init__()
        self.setMinimumSize(12, 20)
        self._sign, self._beside = sign, beside

    def paint(self, painter: QPainter) -> None:
        middle = self._beside.mean_box().center().y()
        box = QRectF(0, middle - 20, self.width(), 40)
        self.words(painter, box, self._sign, colour=self.theme.ink, px=20)


class ResultView(Canvas):
    """The result in the middle of latents close to it, and the same sum of pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(100, 80)
        self._around: list[QImage] = []
        self._pixels: QImage | None = None
        self._output, self._probability = math.nan, True

    def show_images(
        self, around: list[QImage], pixels: QImage | None, output: float, probability: bool
    ) -> None:
        """Show nine images row by row, and what a sum of pixels gives; none where a slot is empty."""
        self._around, self._pixels, self._output, self._probability = around, pixels, output, probability
        self.update()

    def boxes(self) -> list[QRectF]:
        """Where the nine images stand."""
        gap, height = self.px(SMALL_GAP), self.height() - self.px(HEAD + UNDER)
        side = max(8.0, min(0.66 * self.width(), height) / 3 - gap)
        top = self.px(HEAD) + max(0.0, (height - 3 * (side + gap)) / 2)
        beside = self.px(PIXELS_APART) + max(side, self.px(WORDS))
        left = max(2.0, (self.width() - 3 * (side + gap) - beside) / 2)
        return [
            QRectF(left + n % 3 * (side + gap), top + n // 3 * (side + gap), side, side) for n in range(9)
        ]

    def paint(self, painter: QPainter) -> None:
        if not self._around or self._pixels is None:
            return
        theme, boxes = self.theme, self.boxes()
        for number, (box, image) in enumerate(zip(boxes, self._around, strict=True)):
            self.tile(painter, box, image, ring=theme.fake if number == 4 else "")
        across = boxes[0].united(boxes[-1])
        head = QRectF(across.left(), across.top() - self.px(HEAD), across.width(), self.px(HEAD - 3))
        self.words(painter, head, "result and around it", colour=theme.text, px=12.5)
        below = QRectF(boxes[6].left(), boxes[6].top(), across.width(), boxes[6].height())
        self.score(painter, below, self._output, probability=self._probability, colour=theme.fake)
        side = boxes[0].width()
        right = QRectF(across.right() + self.px(PIXELS_APART), boxes[3].top(), side, side)
        self.tile(painter, right, self._pixels)
        words = QRectF(right.left(), right.bottom() + self.px(3), self.px(60), self.px(15))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.words(painter, words, "in pixels", colour=theme.mute, align=left)
