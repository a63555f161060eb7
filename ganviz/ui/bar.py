"""The strips above and below the panels, and the kind of strip that is whole at every width."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLayout, QWidget

from ganviz.ui.theme import LIGHT, Theme

SHRINKS = 4
"""How often a bar may shrink its type until all has room: margins stay, so once may not do."""


class Bar(QWidget):
    """A strip of fixed height in the bars' colour with a hair line below."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self._height, self._theme, self._scale = height, LIGHT, 1.0

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.setFixedHeight(round(self._height * scale))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background and line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.bar))
        painter.setPen(QPen(QColor(self._theme.hair), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class FittingBar(Bar):
    """A bar whose content is never cut: words give way in the order of their worth, then the type shrinks.

    A subclass lays its widgets out, says in :meth:`show_level` what each of ``LEVELS`` levels of shortness
    still shows (level 0: everything), and in :meth:`dress` how its parts take a theme.
    """

    LEVELS = 1

    def __init__(self, height: int) -> None:
        super().__init__(height)
        self._wanted = 1.0
        self._dressed: tuple[Theme, float] | None = None

    def show_level(self, level: int) -> None:
        """Show what this level of shortness still shows."""
        raise NotImplementedError

    def dress(self, theme: Theme, scale: float) -> None:
        """Give every part the colours and this scale of type."""
        raise NotImplementedError

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        super().apply_theme(theme, scale)
        self._wanted, self._dressed = scale, None
        self.fit()

    def fit(self) -> None:
        """Take the least shortness at which everything has room; where none is enough, smaller type. A bar
        that was hidden fits when it is shown."""
        if self.isHidden() and self.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return
        self._dress(self._wanted)
        if not any(self._has_room(level) for level in range(self.LEVELS)):
            for _ in range(SHRINKS):
                self._dress(self._scale * self.width() / self._needed())
                if self._needed() <= self.width():
                    break
        layout = self.layout()
        assert layout is not None
        layout.activate()

    def _has_room(self, level: int) -> bool:
        self.show_level(level)
        return self._needed() <= self.width()

    def _dress(self, scale: float) -> None:
        self._scale = scale
        if self._dressed != (self._theme, scale):
            self._dressed = (self._theme, scale)
            self.dress(self._theme, scale)

    def _needed(self) -> int:
        layout = self.layout()
        assert layout is not None
        _forget_sizes(layout)
        return layout.minimumSize().width()

    def minimumSizeHint(self) -> QSize:
        """A bar asks for no width: it fits into what there is."""
        return QSize(0, self.height())

    def setVisible(self, visible: bool) -> None:
        """Fit before it is seen."""
        super().setVisible(visible)
        if visible:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit into the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


def _forget_sizes(layout: QLayout) -> None:
    """Measure a layout anew, and those in it: they keep what they measured until they are next laid out."""
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is not None and (inner := item.layout()) is not None:
            _forget_sizes(inner)
    layout.invalidate()
