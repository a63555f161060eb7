"""The loss bar: every objective side by side, name over formula; the running one is framed in its colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from ganviz.theory.objective import Objective
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.choicebar import ChoiceBar
from ganviz.ui.facebutton import Face, FaceButton
from ganviz.ui.formula import draw_formula, formula_size
from ganviz.ui.style import font
from ganviz.ui.theme import Theme


class ObjectiveButton(FaceButton):
    """One objective, with what G pays for a fake."""

    def __init__(self, objective: Objective, number: int, action: QAction) -> None:
        face = Face(objective.name, objective.g_equation, objective.sentence, objective.id)
        super().__init__(face, number, action)
        self.objective = objective


class ObjectiveTile(ObjectiveButton):
    """One objective of the sheet: name, what D minimises, what G pays for a fake, and a sentence."""

    LINES = (("D minimises", 40), ("G pays", 66))
    """Words before a formula, and its base line."""
    LABEL = 84
    HEIGHT = 122

    def __init__(self, objective: Objective, action: QAction) -> None:
        super().__init__(objective, 0, action)

    def sizeHint(self) -> QSize:
        """Wide enough for the formulas, and for the sentence on two lines."""
        scale = self._scale
        equations = (self.objective.d_equation, self.objective.g_equation)
        widest = max(formula_size(tex, 15.5 * scale)[0] for tex in equations)
        return QSize(
            max(round(widest + (self.LABEL + 30) * scale), round(400 * scale)), round(self.HEIGHT * scale)
        )

    def _paint_words(self, painter: QPainter, colour: str) -> None:
        theme, scale = self._theme, self._scale
        equations = (self.objective.d_equation, self.objective.g_equation)
        painter.setFont(font(12, scale))
        for (words, base), tex in zip(self.LINES, equations, strict=True):
            painter.setPen(QColor(theme.mute))
            painter.drawText(round(13 * scale), round(base * scale), words)
            draw_formula(painter, (13 + self.LABEL) * scale, base * scale, tex, 15.5 * scale, theme.ink)
        painter.setPen(QColor(theme.text))
        box = QRect(round(13 * scale), round(78 * scale), self.width() - round(26 * scale), round(38 * scale))
        painter.drawText(box, int(Qt.TextFlag.TextWordWrap), self.objective.sentence)


class MoreLosses(QFrame):
    """The objectives that are not in the bar, in a sheet under their button."""

    COLUMNS = 2

    def __init__(self, buttons: Sequence[ObjectiveButton], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("more_losses.sheet")
        grid = QGridLayout(self)
        grid.setContentsMargins(6, 6, 6, 6)
        grid.setSpacing(4)
        for index, button in enumerate(buttons):
            grid.addWidget(button, *divmod(index, self.COLUMNS))
            button.clicked.connect(self.hide)


class LossBar(ChoiceBar):
    """The exclusive row of objectives, and the rest under "More losses"."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        self.buttons: dict[str, ObjectiveButton] = {}
        for number, (id, objective) in enumerate(OBJECTIVES.items(), start=1):
            action = actions[f"objective.{id}"]
            self.buttons[id] = (
                ObjectiveTile(objective, action)
                if objective.more
                else ObjectiveButton(objective, number, action)
            )
        in_bar = [button for button in self.buttons.values() if not button.objective.more]
        in_sheet = [button for button in self.buttons.values() if button.objective.more]
        self.more = QPushButton("More losses")
        keys = f"keys 1 to {len(in_bar)}\nN flips 1 and 2"
        super().__init__("Generator loss", keys, in_bar, in_sheet, (self.more,))
        self.more.setObjectName("more_losses")
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more.setToolTip(actions["action.more_losses"].toolTip())
        self.more.setAccessibleName("More losses")
        self.more.clicked.connect(actions["action.more_losses"].trigger)
        self._in_sheet = tuple(in_sheet)
        self.sheet = MoreLosses(in_sheet, self)

    def show_objective(self, chosen: str) -> None:
        """Frame the chosen objective; one of the sheet gives its name to the button."""
        self.buttons[chosen].setChecked(True)
        row = OBJECTIVES[chosen]
        self.more.setText(f"{row.name} …" if row.more else "More losses")
        self._style_more()

    def open_sheet(self) -> None:
        """Show the losses that are not in the bar, under their button."""
        self.dress_buttons(self._in_sheet)
        self.sheet.adjustSize()
        at = self.more.mapToGlobal(self.more.rect().bottomLeft())
        room = self.screen().availableGeometry()
        left = min(at.x(), room.right() - self.sheet.width())
        top = min(at.y() + 2, room.bottom() - self.sheet.height())
        self.sheet.move(max(left, room.left()), max(top, room.top()))
        self.sheet.show()

    def _style_more(self) -> None:
        theme, active = self._theme, self._group.checkedButton()
        chosen = active.objective if isinstance(active, ObjectiveButton) else None
        ours = chosen is not None and chosen.more
        colour = theme.objective(chosen.id) if ours and chosen else theme.control_border
        more = (
            f"QPushButton {{ color: {theme.ink}; background: {theme.control}; padding: 8px 12px;"
            f" border: {2 if ours else 1}px solid {colour}; border-radius: 4px;"
            f" font-weight: {'600' if ours else '400'}; }}"
            f"QPushButton:pressed {{ background: {theme.pressed}; }}"
        )
        sheet = f"MoreLosses {{ background: {theme.bar}; border: 1px solid {theme.control_border}; }}"
        for widget, style in ((self.more, more), (self.sheet, sheet)):
            if widget.styleSheet() != style:  # Qt works a style out anew even where it is the same
                widget.setStyleSheet(style)

    def dress(self, theme: Theme, scale: float) -> None:
        """Give every part the colours and this scale of type."""
        self.more.setFont(font(13, scale))
        self._style_more()
        super().dress(theme, scale)
