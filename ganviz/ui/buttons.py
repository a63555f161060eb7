"""The flat buttons of the bars, drawn from the theme: an icon, a word, a note where something waits."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ganviz.ui.style import box, font, icon
from ganviz.ui.theme import LIGHT, Theme


class BarButton(QAbstractButton):
    """A button that stands for an action: it shows the action's words, icon and state, and triggers it.

    ``filled`` draws it in ink (the one main button). ``width`` fixes the width in unscaled pixels. Takes no
    keyboard focus by a click, so that Space always means Train.
    """

    def __init__(
        self, action: QAction, icon_name: str = "", *, filled: bool = False, width: int = 0, height: int = 32
    ) -> None:
        super().__init__()
        self.setObjectName(action.objectName())
        self._action, self._icon, self._note = action, icon_name, ""
        self._filled, self._fixed, self._height = filled, width, height
        self._theme, self._scale = LIGHT, 1.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.clicked.connect(self._action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self._action
        self.setEnabled(action.isEnabled())
        self.setToolTip(action.toolTip())
        self.setWhatsThis(action.whatsThis())
        self.setAccessibleName(action.text())
        self.setAccessibleDescription(action.whatsThis())
        self.setText(action.iconText())

    def set_icon(self, name: str) -> None:
        """Show another icon, by its name in the icon set."""
        if name != self._icon:
            self._icon = name
            self.update()

    def set_note(self, note: str) -> None:
        """A short second line in the focus colour; empty for none."""
        if note != self._note:
            self._note = note
            self.setAccessibleDescription(f"{self._action.whatsThis()} {note}".strip())
            self.update()

    @property
    def note(self) -> str:
        """The second line as it is shown."""
        return self._note

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.updateGeometry()
        self.update()

    def _font(self) -> QFont:
        if self._filled:
            return font(16, self._scale, QFont.Weight.DemiBold)
        return font(13, self._scale, QFont.Weight.Medium)

    def sizeHint(self) -> QSize:
        """Wide enough for icon and word, or the fixed width."""
        text = QFontMetrics(self._font()).horizontalAdvance(self.text())
        natural = text + round((24 + (24 if self._icon else 0)) * self._scale)
        return QSize(max(natural, round(self._fixed * self._scale)), round(self._height * self._scale))

    def minimumSizeHint(self) -> QSize:
        """The same: a button never hides its word."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, border, icon, word and note."""
        theme, scale = self._theme, self._scale
        painter = QPainter(self)
        ink = theme.panel if self._filled else theme.ink
        fill = (
            theme.ink
            if self._filled
            else theme.pressed
            if self.isDown() or self.isChecked()
            else theme.control
        )
        border = theme.ink if self._filled else theme.axis if self.underMouse() else theme.control_border
        if not self.isEnabled():
            ink, fill = theme.ref, theme.pressed if self._filled else theme.bar
        elif self._filled and (self.isDown() or self.underMouse()):
            fill = theme.text if self.isDown() else theme.ink
        box(painter, QRectF(self.rect()), fill, border)
        words = QFontMetrics(self._font()).horizontalAdvance(self.text())
        side, gap = round(18 * scale), round(7 * scale)
        left = (self.width() - words - (side + gap if self._icon else 0)) // 2
        if self._icon:
            place = QRect(left, (self.height() - side) // 2, side, side)
            icon(self._icon, ink).paint(painter, place)
            left += side + gap
        painter.setPen(QColor(ink))
        painter.setFont(self._font())
        line = QRect(left, 0, words + gap, self.height())
        if self._note:
            line.setHeight(round(self.height() * 0.62))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._note:
            painter.setPen(QColor(theme.focus))
            painter.setFont(font(10.5, scale, QFont.Weight.DemiBold))
            below = QRect(left, round(self.height() * 0.52), self.width() - left, round(self.height() * 0.42))
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._note)


class Separator(QWidget):
    """A short vertical hair line between groups of buttons."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = LIGHT.hair
        self.setFixedWidth(17)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours."""
        self._colour = theme.hair
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line, 30 pixels high."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._colour), 1))
        middle = self.height() // 2
        painter.drawLine(8, middle - 15, 8, middle + 15)
