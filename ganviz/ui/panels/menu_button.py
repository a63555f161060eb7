"""The ⋮ button of a panel: its picture, its numbers, the whole window for it, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton, QWhatsThis

from ganviz.ui.panels import export
from ganviz.ui.panels.saving import ask_for_file, try_to_save

if TYPE_CHECKING:
    from ganviz.ui.panels.base import Panel


class MenuButton(QToolButton):
    """Opens ``entries``, to which others may be added."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setText("⋮")
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.setObjectName(f"menu.{panel.key}")
        self.setAccessibleName(f"{panel.title}: menu")
        self.setToolTip("Copy, save, full panel, what is this")
        self.entries = QMenu(self)
        for text, act in (
            ("Copy picture", self._copy_picture),
            ("Save picture…", self.save_picture),
            ("Save data…", self.save_data),
            ("Full panel", panel.ask_for_full_panel),
            ("What is this?", self._explain),
        ):
            self.entries.addAction(text).triggered.connect(act)
        self.setMenu(self.entries)

    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(export.picture(self._panel))

    def save_picture(self) -> None:
        """Ask for a file and write the panel's picture into it."""
        panel = self._panel
        path = ask_for_file(panel, "Save picture", f"{panel.key}.png", "Pictures (*.png *.svg *.pdf)")
        if path is not None:
            try_to_save(panel, lambda: export.save_picture(panel, path))

    def save_data(self) -> None:
        """Ask for a file and write what is drawn into it."""
        panel = self._panel
        path = ask_for_file(panel, "Save data", f"{panel.key}.csv", "Data (*.csv *.npz)")
        if path is not None:
            try_to_save(panel, lambda: export.save_data(panel.export_data(), path))

    def _explain(self) -> None:
        QWhatsThis.showText(self.mapToGlobal(self.rect().bottomLeft()), self._panel.help, self._panel)
