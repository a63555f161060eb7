"""How the window looks and is laid out: theme, size of type, settings rail; and what of it is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow

from ganviz.ui.arrangement import Arrangement
from ganviz.ui.form import Form
from ganviz.ui.memory import Memory
from ganviz.ui.style import BASE_PX, SCALE_RANGE, SCALE_STEP, Themed, font
from ganviz.ui.theme import DARK, LIGHT, THEMES, palette

RAIL_NEEDS = 1400
"""Width of the window below which the settings make room for a third column of panels, in pixels."""
RAIL_NEEDS_SCALED = 1000
"""Width of settings and two columns of panels, in pixels at normal text size: larger text takes the third
column before it takes the settings."""
TITLE_BAR = 40
"""Height kept free for the title bar, whose true height is known only when the window is on the screen."""


class Look(QObject):
    """Theme, scale and layout of one window. :meth:`furnish` comes before everything else.

    ``dressed``: a new look has been painted, but for the panels, whose turns come now.
    """

    changed = Signal()
    dressed = Signal()

    def __init__(self, window: QMainWindow, memory: Memory) -> None:
        super().__init__(window)
        self.theme, self.scale = LIGHT, 1.0
        self._window, self._memory = window, memory
        self._rail_wanted: bool | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._take_turn)

    def furnish(
        self,
        form: Form,
        arrangement: Arrangement,
        parts: Sequence[Themed],
        actions: Mapping[str, QAction],
    ) -> None:
        """Take over the window's parts and give them the look that was remembered."""
        self._form, self._arrangement, self._actions = form, arrangement, actions
        self._parts: tuple[Themed, ...] = (form, *parts)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._recall()

    def apply(self, theme_name: str, scale: float) -> None:
        """Show everything in a theme ("light", "dark") and a scale of type (1.0 is normal). A window that is
        seen keeps its picture for some turns of the event loop: to lay out and to paint all in one would take
        long."""
        self.theme, self.scale = THEMES[theme_name], min(max(scale, SCALE_RANGE[0]), SCALE_RANGE[1])
        if self._window.isVisible():
            self._window.setUpdatesEnabled(False)
            self._turn.start()
        colours = palette(self.theme)
        QApplication.setPalette(colours)
        QApplication.setFont(font(BASE_PX, self.scale))
        colours.setColor(QPalette.ColorRole.Window, self.theme.bar)
        menus = self._window.menuBar()
        menus.setPalette(colours)
        menus.setFont(font(13, self.scale))
        high, wide = round(7 * self.scale), round(8 * self.scale)
        menus.setStyleSheet(
            f"QMenuBar {{ background: {self.theme.bar}; }}"
            f"QMenuBar::item {{ padding: {high}px {wide}px; color: {self.theme.text}; }}"
            "QMenuBar::item { background: transparent; }"
            f"QMenuBar::item:selected {{ background: {self.theme.pressed}; }}"
        )
        for part in self._parts:
            part.apply_theme(self.theme, self.scale)
        self._actions["action.theme"].setChecked(self.theme is DARK)
        self.fit_rail()
        self.changed.emit()

    @Slot()
    def _take_turn(self) -> None:
        """Wait for the settings, which take turns; let the window be painted; when it is, let the panels
        begin with their turns."""
        if not self._form.is_dressed:
            self._turn.start()
        elif not self._window.updatesEnabled():
            self._window.setUpdatesEnabled(True)
            self._turn.start()
        else:
            self.dressed.emit()

    @Slot(bool)
    def choose_theme(self, dark: bool) -> None:
        """Light or dark, whatever the system has."""
        self._memory.write("theme", "dark" if dark else "light")
        self.apply("dark" if dark else "light", self.scale)

    @Slot(Qt.ColorScheme)
    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if not self._memory.read("theme", ""):
            self.apply("dark" if scheme == Qt.ColorScheme.Dark else "light", self.scale)

    def _set_scale(self, scale: float) -> None:
        self.apply(self.theme.name, scale)
        self._memory.write("scale", self.scale)

    @Slot()
    def text_larger(self) -> None:
        """A tenth larger."""
        self._set_scale(self.scale * SCALE_STEP)

    @Slot()
    def text_smaller(self) -> None:
        """A tenth smaller."""
        self._set_scale(self.scale / SCALE_STEP)

    @Slot()
    def text_normal(self) -> None:
        """The normal size."""
        self._set_scale(1.0)

    @Slot()
    def choose_full_screen(self) -> None:
        """The whole screen, or back."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    @Slot(bool)
    def choose_rail(self, shown: bool) -> None:
        """Show or hide the settings, whatever the width."""
        self._rail_wanted = shown
        self.fit_rail()

    def fit_rail(self) -> None:
        """Until the user says otherwise, the settings make room for the panels where the window is narrow."""
        fits = self._window.width() >= max(RAIL_NEEDS * min(self.scale, 1.0), RAIL_NEEDS_SCALED * self.scale)
        shown = fits if self._rail_wanted is None else self._rail_wanted
        self._form.setVisible(shown)
        self._actions["action.rail"].setChecked(shown)

    def fit_screen(self) -> None:
        """Before the window is first shown: where the screen is too small for its size, the whole screen.

        The least size gives way too. A remembered place is kept: Qt brings it onto the screen by itself.
        """
        room = self._window.screen().availableGeometry().size() - QSize(0, TITLE_BAR)
        self._window.setMinimumSize(self._window.minimumSize().boundedTo(room))
        size = self._window.size()
        if self._memory.read_geometry().isEmpty() and size.boundedTo(room) != size:
            self._window.resize(size.boundedTo(room * 0.9))
            self._window.setWindowState(Qt.WindowState.WindowMaximized)

    @Slot()
    def reset_layout(self) -> None:
        """The layout that is on and the settings as they were shipped."""
        self._rail_wanted = None
        self.fit_rail()
        self._form.restore_state({})
        self._arrangement.reset()

    def _recall(self) -> None:
        memory = self._memory
        system_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        theme = memory.read("theme", "") or ("dark" if system_dark else "light")
        self.apply(theme if theme in THEMES else "light", memory.read("scale", 1.0))
        geometry = memory.read_geometry()
        if not geometry.isEmpty():
            self._window.restoreGeometry(geometry)
        layout = memory.read("layout", {})
        wanted = layout.get("rail")
        self._rail_wanted = wanted if isinstance(wanted, bool) else None
        groups, grid = layout.get("groups"), layout.get("grid")
        self._form.restore_state(groups if isinstance(groups, dict) else {})
        self._arrangement.restore_state(grid if isinstance(grid, dict) else {})
        self.fit_rail()

    def remember(self) -> None:
        """Store the layout for the next start."""
        self._memory.write_geometry(QByteArray(self._window.saveGeometry()))
        state = {
            "rail": self._rail_wanted,
            "groups": self._form.save_state(),
            "grid": self._arrangement.save_state(),
        }
        self._memory.write("layout", state)
