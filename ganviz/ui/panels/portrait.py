"""All lines of a game of two numbers in one phase plane, with the field of the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout

from ganviz.ui.lines import Scene
from ganviz.ui.panels.line_list import HEIGHT, WIDTH, LineList
from ganviz.ui.panels.plane_drawing import Plane
from ganviz.ui.panels.planes_panel import PlanesPanel


class OnePortraitPanel(PlanesPanel):
    """See the module."""

    key = "portrait"

    def build(self) -> None:
        super().build()
        self.list = LineList()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box.setSpacing(8)
        self._box.addWidget(self.planes, 1)
        self._box.addWidget(self.list)
        self.body.addLayout(self._box, 1)
        self.list.chosen.connect(self._choose)
        self._line = ""

    def themed(self) -> Sequence[object]:
        return self.planes, self.list

    def clear(self) -> None:
        super().clear()
        self.list.show_lines((), "", {})

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_list()

    def _place_list(self) -> None:
        """Put the list beside the plane or below it, wherever the plane becomes larger."""
        room = self._box.geometry()
        columns = max(1, int(room.width() / (WIDTH * self.scale_factor)))
        below = room.height() - self.list.rows_in(columns) * (HEIGHT + 1) * self.scale_factor
        beside = room.width() - WIDTH * self.scale_factor
        is_below = min(room.width(), below) > min(beside, room.height())
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.TopToBottom if is_below else ways.LeftToRight)
        self.list.lie(columns if is_below else 0)

    def _choose(self, line: str) -> None:
        self._line = line
        self.show_again()

    def save_state(self) -> dict[str, Any]:
        return super().save_state() | {"line": self._line}

    def restore_state(self, state: dict[str, Any]) -> None:
        super().restore_state(state)
        line = state.get("line")
        self._line = line if isinstance(line, str) else ""

    def show_scene(self, scene: Scene, with_words: bool) -> None:
        lines = scene.lines
        self.name_game(scene)
        first = next((line for line in lines if line.id == self._line), lines[0] if lines else None)
        if first is None:
            self.planes.show_planes(scene, ())
            return
        if self.word(scene, lines, with_words):
            self.list.show_lines(tuple(line.id for line in lines), first.id, self._words)
            self._place_list()
        ordered = (first, *(line for line in lines if line is not first))
        self.planes.show_planes(scene, [Plane(ordered, "", ())])
