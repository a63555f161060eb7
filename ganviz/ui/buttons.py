"""The flat buttons of the bars, drawn from the theme: an icon, a word, a note where something waits."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from ganviz.ui.dressed import Dressed
from ganviz.ui.icons import icon
from ganviz.ui.style import box, font
from ganviz.ui.theme import LIGHT, Theme


class BarButton(Dressed, QAbstractButton):
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
        self._short: str | None = None
        self._noted = ""
        self._filled, self._fixed, self._height = filled, width, height
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
        self.setAccessibleName(f"{self._noted}, {self._note}" if self._note else action.text())
        self.setAccessibleDescription(action.whatsThis())
        self.setText(action.iconText() if self._short is None else self._short)

    def shorten(self, words: str | None) -> None:
        """Show these words instead of the action's, perhaps none beside the icon; None shows the action's."""
        if words != self._short:
            self._short = words
            self._follow()
            self.updateGeometry()
            self.update()

    def set_icon(self, name: str) -> None:
        """Show another icon, by its name in the icon set."""
        if name != self._icon:
            self._icon = name
            self.update()

    def set_note(self, note: str, words: str = "") -> None:
        """A second line in the focus colour, under ``words`` instead of the action's; empty for none."""
        if (note, words) != (self._note, self._noted):
            self._note, self._noted = note, words if note else ""
            self._follow()
            self.updateGeometry()
            self.update()

    @property
    def note(self) -> str:
        """The second line as it is shown."""
        return self._note

    def _font(self) -> QFont:
        if self._filled:
            return font(16, self._scale, QFont.Weight.DemiBold)
        return font(13, self._scale, QFont.Weight.Medium)

    def _note_font(self) -> QFont:
        return font(10.5, self._scale, QFont.Weight.DemiBold)

    def _words_width(self) -> int:
        """Width of the words as they are painted, the wider of two lines."""
        words = QFontMetrics(self._font()).horizontalAdvance(self._noted or self.text())
        return max(words, QFontMetrics(self._note_font()).horizontalAdvance(self._note))

    def sizeHint(self) -> QSize:
        """Wide enough for icon and words, or the fixed width."""
        words = max(QFontMetrics(self._font()).horizontalAdvance(self.text()), self._words_width())
        beside = 25 if self._icon and words else 18 if self._icon else 0
        natural = words + round((24 + beside) * self._scale)
        return QSize(max(natural, round(self._fixed * self._scale)), round(self._height * self._scale))

    def minimumSizeHint(self) -> QSize:
        """The same: a button never hides its word."""
        return self.sizeHint()

    def _colours(self) -> tuple[str, str, str]:
        """Ink, fill and border as the state has them."""
        theme, pressed = self._theme, self.isDown() or self.isChecked()
        if not self.isEnabled():
            border = theme.ink if self._filled else theme.control_border
            return theme.ref, theme.pressed if self._filled else theme.bar, border
        if self._filled:
            return theme.panel, theme.text if self.isDown() else theme.ink, theme.ink
        border = theme.axis if self.underMouse() else theme.control_border
        return theme.ink, theme.pressed if pressed else theme.control, border

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, border, icon, word and note."""
        scale, painter = self._scale, QPainter(self)
        ink, fill, border = self._colours()
        box(painter, QRectF(self.rect()), fill, border)
        words = self._words_width()
        side, gap = round(18 * scale), round(7 * scale) if words else 0
        left = (self.width() - words - (side + gap if self._icon else 0)) // 2
        if self._icon:
            place = QRect(left, (self.height() - side) // 2, side, side)
            icon(self._icon, ink).paint(painter, place)
            left += side + gap
        painter.setPen(QColor(ink))
        painter.setFont(self._font())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        line = QRect(left, 0, self.width() - left, self.height())
        if not self._note:
            painter.drawText(line, middle, self.text())
            return
        line.setHeight(round(self.height() * 0.6))
        painter.drawText(line, middle, self._noted or self.text())
        painter.setPen(QColor(self._theme.focus))
        painter.setFont(self._note_font())
        line.setTop(round(self.height() * 0.5))
        line.setHeight(round(self.height() * 0.46))
        painter.drawText(line, middle, self._note)


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
