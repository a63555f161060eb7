"""What G makes of the same latents over the run: one row a latent, one column a step, this moment at the
right; or all of them at one step.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ganviz.data.base import Source
from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objective import sigmoid
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.image_history_grid import StepGrid, StepSlider
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.picks import Picks
from ganviz.ui.panels.pictures import Array, pictures
from ganviz.ui.panels.samples_images import least_side
from ganviz.ui.panels.tiles import Canvas
from ganviz.ui.plotting import font, width_of

LEFT, TOP, RIGHT = 30, 22, 40
"""Room for the numbers of the latents, for the steps, and for D's outputs of this moment."""
GAP = 4
MOST_COLUMNS = 16

Numbers = npt.NDArray[np.int64]


def columns(steps: Numbers, count: int, logarithmic: bool) -> list[int]:
    """At most ``count`` indices of the recorded ``steps`` (n,), rising: the first and the last, and between
    them those nearest to evenly spaced steps, or to evenly spaced logarithms of them."""
    if len(steps) <= count or count < 2:
        return list(range(len(steps)))[: max(count, 1)]
    if logarithmic:
        wanted = np.concatenate([steps[:1], np.geomspace(steps[-1], max(steps[1], 1), count - 1)])
    else:
        wanted = np.linspace(steps[0], steps[-1], count)
    return sorted({int(np.abs(steps - step).argmin()) for step in wanted})


class HistoryView(Canvas):
    """The tiles. ``picked`` carries the number of a latent whose row was clicked, ``asked_step`` the column
    whose step was; ``resized``: another number of columns or rows may find room."""

    picked = Signal(int)
    asked_step = Signal(int)
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 100)
        self.steps: list[int] = []
        self._tiles: list[list[QImage]] = []
        self._outputs, self._probability = np.zeros(0), True
        self._chosen: int | None = None
        self._pixels = (8, 8)

    def room(self) -> tuple[int, int]:
        """How many columns and rows find room."""
        least = self.px(least_side(max(self._pixels)) + GAP)
        wide, high = self.width() - self.px(LEFT + RIGHT), self.height() - self.px(TOP)
        return max(2, min(MOST_COLUMNS, int(wide / least))), max(1, int(high / least))

    def show_source(self, source: Source) -> None:
        """The size of the images to come."""
        assert source.image_shape is not None
        self._pixels = source.image_shape[1:]

    def show_columns(
        self, steps: list[int], tiles: list[list[QImage]], outputs: Array, probability: bool
    ) -> None:
        """Show for each step its images; ``outputs`` are D's on those of the last step."""
        self.steps, self._tiles, self._outputs, self._probability = steps, tiles, outputs, probability
        self.update()

    def show_pick(self, number: int | None) -> None:
        """Mark the row of the chosen latent."""
        self._chosen = number
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.steps, self._tiles = [], []
        self.update()

    def box_of(self, row: int, column: int) -> QRectF:
        """Where a tile stands."""
        wide = self.width() - self.px(LEFT + RIGHT)
        high, rows = self.height() - self.px(TOP), max(len(self._tiles[0]), 1)
        across, down = self._pixels[1], self._pixels[0]
        cell = min(
            (wide / max(len(self.steps), 1) - self.px(GAP)) / across, (high / rows - self.px(GAP)) / down
        )
        cell = min(cell, self.px(2 * least_side(max(across, down))) / max(across, down))
        step = wide / max(len(self.steps), 1)
        x = self.px(LEFT) + column * min(step, across * cell + self.px(3 * GAP))
        return QRectF(x, self.px(TOP) + row * (down * cell + self.px(GAP)), across * cell, down * cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._tiles and event.position().y() < self.px(TOP):
            middles = [self.box_of(0, column).center().x() for column in range(len(self.steps))]
            self.asked_step.emit(int(np.abs(np.array(middles) - event.position().x()).argmin()))
            return
        for row in range(len(self._tiles[0]) if self._tiles else 0):
            first, last = self.box_of(row, 0), self.box_of(row, len(self.steps) - 1)
            if first.united(last).contains(event.position()):
                self.picked.emit(row)

    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        if not self._tiles:
            return
        for column, (step, tiles) in enumerate(zip(self.steps, self._tiles, strict=True)):
            for row, image in enumerate(tiles):
                self.tile(painter, self.box_of(row, column), image)
            self._name(painter, column, step)
        last = len(self.steps) - 1
        for row in range(len(self._tiles[0])):
            first, now = self.box_of(row, 0), self.box_of(row, last)
            number = QRectF(0, first.top(), self.px(LEFT - 8), first.height())
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self.words(painter, number, str(row + 1), colour=theme.mute, align=right)
            if row == self._chosen:
                painter.setPen(QPen(QColor(theme.focus), self.px(2)))
                painter.drawRect(first.united(now).adjusted(-2, -2, 2, 2))
            self._say_output(painter, now, float(self._outputs[row]))

    def _say_output(self, painter: QPainter, now: QRectF, output: float) -> None:
        text = (
            formatting.fixed(float(sigmoid(output)), 2)
            if self._probability
            else formatting.significant(output, 2)
        )
        box = QRectF(now.right() + self.px(6), now.top(), self.px(RIGHT - 8), now.height())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.words(painter, box, text, colour=self.theme.fake, align=left)

    def _name(self, painter: QPainter, column: int, step: int) -> None:
        """The step above a column, where it finds room beside its neighbours."""
        box, is_last = self.box_of(0, column), column == len(self.steps) - 1
        text = "now" if is_last else formatting.fixed(float(step), 0)
        if column and not is_last:
            pitch = self.box_of(0, 1).left() - self.box_of(0, 0).left()
            widest = width_of(formatting.fixed(float(self.steps[-1]), 0), self.px(12)) + self.px(8)
            if column % int(np.ceil(widest / pitch)):
                return
        colour = self.theme.ink if is_last else self.theme.mute
        self.words(
            painter, QRectF(box.left() - 20, 0, box.width() + 40, self.px(TOP - 4)), text, colour=colour
        )
        painter.setPen(QPen(QColor(colour), 1))
        middle = box.center().x()
        painter.drawLine(QPointF(middle, self.px(TOP - 4)), QPointF(middle, self.px(TOP - 1)))


class ImageHistoryPanel(Panel):
    """See the module."""

    key = "image_history"
    equation = r"G_t(z_i),\ z_i\ \mathrm{fixed}"
    needs = frozenset({"image_history"})
    legend_entries = (
        Entry("log", "log steps", group="steps", tip="More of the beginning, where most happens."),
        Entry("even", "even steps", group="steps", on=False, tip="The same number of steps apart."),
        Entry(
            "one",
            "one step",
            group="steps",
            on=False,
            tip="All the images of one recorded step, with a slider; a click on a step does it, too.",
        ),
    )

    def build(self) -> None:
        self.view = HistoryView()
        self.view.picked.connect(self._pick)
        self.view.resized.connect(self._refit)
        self.view.asked_step.connect(self._show_step)
        self.grid, self.slider, self.label = StepGrid(), StepSlider(), QLabel()
        self.grid.picked.connect(self._pick)
        self.slider.valueChanged.connect(self._choose)
        self.foot = QHBoxLayout()
        self.foot.addWidget(self.label)
        self.foot.addWidget(self.slider, 1)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.grid, 1)
        self.body.addLayout(self.foot)
        self._picks, self._room = Picks(), (0, 0)
        self._recorded: list[int] = []
        self._step: int | None = None  # the chosen one; None follows the run
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[QWidget, ...]:
        self.label.setFont(font(12 * self.scale_factor))
        self.label.setMinimumWidth(round(86 * self.scale_factor))
        self.label.setStyleSheet(f"color: {self.theme.text}")
        return self.view, self.grid, self.slider

    def clear(self) -> None:
        self._data, self._recorded, self._step = {}, [], None
        self.grid.show_images([])
        self._show_parts(False)
        self.view.clear()
        self.view.hint = self.nothing_yet

    def take_picks(self, picks: Picks) -> None:
        self._picks = picks
        self.view.show_pick(picks.sample)
        self.grid.show_pick(picks.sample)

    @Slot(int)
    def _pick(self, number: int) -> None:
        self.take_picks(self._picks.then(number))
        self.picked.emit(self._picks)

    @Slot()
    def _refit(self) -> None:
        """Draw as many columns and rows as now find room."""
        if self.view.steps and self.view.room() != self._room:
            self.show_again()

    def draw(self, run: Run) -> None:
        seen = self.fresh(run, "image_history")
        if seen is None:
            return
        source, steps = run.experiment.source(), np.asarray(seen["steps"])
        self.view.hint = ""
        self._recorded = [int(step) for step in steps[steps < seen.step]]
        self._show_parts(self.legend.is_on("one"))
        if self.legend.is_on("one"):
            self._draw_one(seen, source)
            return
        self.view.show_source(source)
        count, rows = self._room = self.view.room()
        before = columns(steps[steps < seen.step], count - 1, self.legend.is_on("log"))
        images = [seen["levels"][index][:rows] / 127.5 - 1.0 for index in before]
        images.append(np.asarray(seen["now"], float)[:rows])
        shown = [*(int(steps[index]) for index in before), seen.step]
        tiles = [pictures(column, source, dark=self.view.dark) for column in images]
        outputs = np.asarray(seen["output"], float)
        self.view.show_columns(shown, tiles, outputs, self.objective(run).is_probability)
        self._keep(seen, shown, images)

    # ------------------------------------------------------------ one step

    def _show_parts(self, one: bool) -> None:
        self.view.setVisible(not one)
        for widget in (self.grid, self.label, self.slider):
            widget.setVisible(one)

    @Slot(int)
    def _show_step(self, column: int) -> None:
        """All images of the step above this column."""
        step = self.view.steps[column]
        self._step = step if column < len(self.view.steps) - 1 else None
        self.legend.buttons["one"].click()

    @Slot(int)
    def _choose(self, place: int) -> None:
        self._step = self._recorded[place] if place < len(self._recorded) else None
        self.show_again()

    def _draw_one(self, seen: Measurement, source: Source) -> None:
        last = len(self._recorded)
        place = last
        if self._step is not None and last:
            place = int(np.abs(np.array(self._recorded) - self._step).argmin())
        self.slider.blockSignals(True)
        self.slider.setRange(0, last)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        if place < last:
            step = self._recorded[place]
            images = seen["levels"][place] / 127.5 - 1.0
        else:
            step, images = seen.step, np.asarray(seen["now"], float)
        self.label.setText(f"step {formatting.fixed(float(step), 0)}{'' if place < last else ', now'}")
        self.grid.show_images(pictures(images, source, dark=self.grid.dark))
        self._keep(seen, [step], [images])

    def _keep(self, seen: Measurement, steps: list[int], images: list[Array]) -> None:
        self._data = {
            "step": np.array(steps),
            **{
                f"sample_{row + 1}": np.array([image[row] for image in images])
                for row in range(len(images[0]))
            },
        }

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)
