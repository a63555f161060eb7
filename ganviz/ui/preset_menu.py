"""The menu of shipped experiments: each with its name and, under it, what there is to see."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ganviz.experiment import Experiment, presets
from ganviz.ui.combo import Combo
from ganviz.ui.controls import control
from ganviz.ui.style import font

DESCRIPTION = Qt.ItemDataRole.UserRole
WIDTH, PAD = 470, 8
"""Width of the open menu and the room round a text, in pixels at normal text size."""

Index = QModelIndex | QPersistentModelIndex


class _Entry(QStyledItemDelegate):
    """One entry: the name, and the description below it in as many lines as it takes."""

    scale = 1.0

    def _fonts(self) -> tuple[QFont, QFont]:
        return font(13, self.scale, QFont.Weight.DemiBold), font(12, self.scale)

    def _below(self, words: str, width: int) -> QRect:
        wrap = Qt.TextFlag.TextWordWrap
        return QFontMetrics(self._fonts()[1]).boundingRect(QRect(0, 0, width, 1000), wrap, words)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for both."""
        width, pad = round(WIDTH * self.scale), round(PAD * self.scale)
        below = self._below(index.data(DESCRIPTION), width - 2 * pad)
        return QSize(width, QFontMetrics(self._fonts()[0]).height() + below.height() + 2 * pad)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, name, description."""
        rect: QRect = option.rect
        colours: QPalette = option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(
            rect, colours.color(QPalette.ColorRole.Highlight if chosen else QPalette.ColorRole.Base)
        )
        ink = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        painter.setPen(colours.color(ink))
        pad = round(PAD * self.scale)
        place = rect.adjusted(pad, pad, -pad, -pad)
        name, description = self._fonts()
        painter.setFont(name)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, index.data())
        place.setTop(place.top() + painter.fontMetrics().height())
        painter.setFont(description)
        painter.drawText(place, Qt.TextFlag.TextWordWrap, index.data(DESCRIPTION))


class PresetMenu(Combo):
    """The shipped experiments by name. An experiment from a file shows its own name and stands outside the
    list. ``chosen`` carries the name of the one that was picked.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preset")
        self._entry = _Entry(self)
        self.setItemDelegate(self._entry)
        self.addItems(presets())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMaxVisibleItems(self.count())
        self.textActivated.connect(self.chosen)

    def showPopup(self) -> None:
        """Open the list; its descriptions are read when it is first opened."""
        for index in range(self.count()):
            if self.itemData(index, DESCRIPTION) is None:
                self.setItemData(index, Experiment.preset(self.itemText(index)).description, DESCRIPTION)
        self.view().setMinimumWidth(round(WIDTH * self._entry.scale))
        super().showPopup()

    def show_name(self, experiment: Experiment, shipped: bool) -> None:
        """Show which experiment was chosen: an entry of the list, or the name of one from elsewhere."""
        self.setPlaceholderText(experiment.name)
        self.setCurrentIndex(self.findText(experiment.name) if shipped else -1)
        about = "\n".join(filter(None, (experiment.name, experiment.description, "", control("preset").help)))
        self.setToolTip(about)

    def set_scale(self, scale: float) -> None:
        """Take the scale of type."""
        self._entry.scale = scale
        self.setFont(font(13, scale))
