"""The main window: bars, rail, panels and timeline put together, and what they show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWhatsThis

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.ui import dialogs
from ganviz.ui.actions import RecentMenu, fill_menus, make_actions, say_presets
from ganviz.ui.arrangement import Arrangement
from ganviz.ui.band import WarningBand
from ganviz.ui.centre import Centre
from ganviz.ui.chosen import Chosen
from ganviz.ui.commentary import Commentary
from ganviz.ui.desk import make_desk
from ganviz.ui.form import Form
from ganviz.ui.grid import PanelGrid
from ganviz.ui.head import Head
from ganviz.ui.keeping import Keeping
from ganviz.ui.look import Look
from ganviz.ui.lossbar import LossBar
from ganviz.ui.memory import Memory
from ganviz.ui.own_data.dropping import dropped_path
from ganviz.ui.own_data.own_data import OwnData
from ganviz.ui.preview import Preview
from ganviz.ui.rail_handle import RailHandle
from ganviz.ui.termsbar import TermsBar
from ganviz.ui.timeline import Timeline
from ganviz.ui.toolbar import ToolBar
from ganviz.ui.verdictbar import VerdictBar

LEAST_SIZE = (1180, 720)
FIRST_SIZE = (1600, 1000)
DRESSING_MS = 15
"""How long the window's picture waits before it looks again whether a new look is on."""


class MainWindow(QMainWindow):
    """What is chosen, the thread that trains it, and everything that shows it.

    ``baseline``: what the experiment's blue dots compare it with. ``start``: train as soon as torch is there.
    ``safe_mode``: nothing remembered is read or written. ``ask_on_close``: whether a long unkept run brings
    up a question. ``frames`` counts the frames of training that reached the screen. ``failed`` carries the
    traceback of a fault in the training thread.
    """

    failed = Signal(str)
    first_painted = Signal()

    def __init__(
        self, experiment: Experiment, *, baseline: Experiment | None = None, path: Path | None = None,
        start: bool = False, safe_mode: bool = False, ask_on_close: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("window")
        self.memory = Memory(safe_mode)
        self.desk = make_desk(self, experiment, baseline, path, self.memory)
        self.choices, self.pilot, self.files = self.desk.choices, self.desk.pilot, self.desk.files
        self.look = Look(self, self.memory)
        self.keeping = Keeping(self, self.desk, ask_on_close)
        self.own_data = OwnData(self, self.desk, self.look, self.memory)
        self.frames = 0
        self._start = start
        self._painted = self._drawn = False
        self._begin = QTimer(self)  # ends with the window, which may be closed before its turn
        self._begin.setSingleShot(True)
        self._begin.setInterval(0)
        self._begin.timeout.connect(self._after_first_paint)
        self._build()
        self.chosen = Chosen(self)
        self._connect()
        bars = (
            self.toolbar,
            self.lossbar,
            self.termsbar,
            self.band,
            self.handle,
            self.timeline,
            self.verdict,
        )
        parts = (self.grid, self.head, *bars)
        self.look.furnish(self.form, self.arrangement, parts, self.actions_by_name)
        self.chosen.show()
        self._show_playing(False)

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.grid = PanelGrid()
        self.arrangement = Arrangement(self.grid, self.choices.experiment, self)
        self.preview = Preview(self.desk, self.grid, self)
        self.actions_by_name = make_actions(self, self._deeds(), self._group_deeds())
        actions = self.actions_by_name
        self.arrangement.take_actions(actions)
        self.recent = RecentMenu(self)
        fill_menus(self.menuBar(), actions, self.recent)
        self.recent.show_files(self.memory.recent())
        self.head = Head(actions)
        self.toolbar, self.lossbar, self.band = ToolBar(actions), LossBar(actions), WarningBand(actions)
        self.termsbar = TermsBar(actions)
        self.form, self.timeline, self.verdict = Form(), Timeline(), VerdictBar()
        self.handle = RailHandle(actions["action.rail"])
        self.commentary = Commentary(self.timeline, self.band, self.verdict)
        self._centre = Centre(
            (self.toolbar, self.lossbar, self.termsbar, self.band),
            (self.handle, self.form, self.grid),
            (self.timeline, self.verdict),
        )
        if self.menuBar().isNativeMenuBar():
            self._centre.take_head(self.head)
        else:
            self.menuBar().setCornerWidget(self.head)
        self.setCentralWidget(self._centre)
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*FIRST_SIZE)
        self.setAcceptDrops(True)

    def _deeds(self) -> dict[str, Callable[..., object]]:
        """What every action does, by its name in the table of controls."""
        desk, files, look = self.desk, self.files, self.look
        return {
            "open": files.open, "open_data": self.own_data.open, "draw": self.own_data.draw,
            "save": files.save, "save_as": files.save_as,
            "keep": self.keeping.keep, "keep_before": self.keeping.keep_before, "quit": self.close,
            "undo": desk.undo, "redo": desk.redo, "copy_window": self._copy_window, "rail": look.choose_rail,
            "theme": look.choose_theme, "full_screen": look.choose_full_screen,
            "text_larger": look.text_larger, "text_smaller": look.text_smaller,
            "text_normal": look.text_normal, "all_panels": self._all_panels,
            "reset_layout": look.reset_layout, "train": desk.train, "step": desk.step, "step_d": desk.step_d,
            "step_g": desk.step_g, "reset": desk.reset, "new_seed": desk.new_seed, "slower": self._slower,
            "faster": self._faster, "flip": desk.flip, "more_losses": self._open_losses,
            "restore": desk.restore, "keys": self._show_keys,
            "what_is_this": QWhatsThis.enterWhatsThisMode, "about": self._show_about,
        }  # fmt: skip

    def _group_deeds(self) -> dict[str, Callable[[QAction], object]]:
        return {
            "objective": self.desk.choose_objective,
            "ablation": self.desk.choose_terms,
            "preset": self.desk.choose_preset,
            "layout": self.arrangement.choose_layout,
            "show": self.arrangement.choose_panel,
        }

    def _connect(self) -> None:
        actions, stack = self.actions_by_name, self.choices.stack
        stack.canUndoChanged.connect(actions["action.undo"].setEnabled)
        stack.canRedoChanged.connect(actions["action.redo"].setEnabled)
        for name in ("undo", "redo", "all_panels", "restore", "keep", "keep_before"):
            actions[f"action.{name}"].setEnabled(False)
        self.choices.changed.connect(self.chosen.show)
        self.form.proposed.connect(self.own_data.propose)
        self.own_data.asked.connect(self.chosen.show)
        self.form.data_rows.asked.connect(self._trigger)
        for own in (self.form.data_rows, self.form.data_rows_y, self.own_data):
            own.failed.connect(self.failed)
        self.form.hide_asked.connect(actions["action.rail"].trigger)
        self.desk.refused.connect(self.chosen.show_refused)
        for source in (self.form, self.toolbar.seed):
            source.mended.connect(self.verdict.end_message)
        self.desk.said.connect(self.verdict.show_message)
        self.toolbar.seed.proposed.connect(self.desk.propose_seed)
        self.toolbar.speed.speed_changed.connect(self.pilot.set_speed)
        self.toolbar.preset.chosen.connect(self.desk.begin_preset)
        self.files.said.connect(self.verdict.show_message)
        self.files.done.connect(self.verdict.show_news)
        self.files.recent_changed.connect(self.recent.show_files)
        self.recent.opened.connect(self.files.open_file)
        self.band.details_asked.connect(self._show_details)
        self.grid.shown_changed.connect(self._show_panels)
        self.grid.asked.connect(self.pilot.ask)
        self.pilot.arrived.connect(self._show_run)
        self.pilot.playing_changed.connect(self._show_playing)
        self.pilot.ready.connect(self._begin_training)
        for heard in (self.pilot.ready, self.pilot.said, self.pilot.failed):
            heard.connect(self._begin_rest)
        self.pilot.said.connect(self.verdict.show_message)
        self.pilot.advised.connect(self.verdict.show_news)
        self.pilot.failed.connect(self.failed)
        self.keeping.before_changed.connect(self.actions_by_name["action.keep_before"].setEnabled)
        self.keeping.said.connect(self.verdict.show_news)
        self.look.changed.connect(self._fit_head)
        self.look.dressed.connect(self.grid.go_on)
        self.arrangement.said.connect(self.verdict.show_message)

    # ------------------------------------------------------------ the run

    @Slot()
    def _begin_training(self) -> None:
        self.actions_by_name["action.keep"].setEnabled(True)
        if self._start:
            self.pilot.play(True)

    @Slot(object)
    def _show_run(self, run: Run) -> None:
        """Thirty times a second: panels and timeline; words more rarely, because nobody reads faster."""
        self.arrangement.show_experiment(run.experiment)
        self.pilot.look(self.grid.needs())
        self.grid.show_run(run)
        self._drawn = True
        if self.commentary.show_run(run, self.frames):
            self.chosen.show_waiting()

    @Slot(bool)
    def _show_playing(self, playing: bool) -> None:
        self.actions_by_name["action.train"].setText("Pause" if playing else "Train")
        self.toolbar.show_training(playing)

    @Slot()
    def _show_panels(self) -> None:
        """Another set of panels is on screen: draw them, measure what they need."""
        self.actions_by_name["action.all_panels"].setEnabled(self.grid.full is not None)
        self.pilot.look(self.grid.needs())
        if self.pilot.run is not None:
            self.grid.show_run(self.pilot.run)

    @Slot()
    def _show_details(self) -> None:
        dialogs.show_divergence(self, self.band.text)

    # ------------------------------------------------------------ small deeds

    @Slot(str)
    def _trigger(self, name: str) -> None:
        self.actions_by_name[name].trigger()

    @Slot()
    def _slower(self) -> None:
        self.toolbar.speed.setValue(self.toolbar.speed.value() - self.toolbar.speed.pageStep())

    @Slot()
    def _faster(self) -> None:
        self.toolbar.speed.setValue(self.toolbar.speed.value() + self.toolbar.speed.pageStep())

    @Slot()
    def _all_panels(self) -> None:
        self.grid.show_full(None)

    @Slot()
    def _copy_window(self) -> None:
        if not (self.updatesEnabled() and self.grid.is_dressed):
            QTimer.singleShot(DRESSING_MS, self._copy_window)  # it takes a new look in turns of its own
            return
        QApplication.clipboard().setPixmap(self.grab())
        self.verdict.show_news("The window's picture is on the clipboard.")

    @Slot()
    def _open_losses(self) -> None:
        self.lossbar.open_sheet()

    @Slot()
    def _show_keys(self) -> None:
        dialogs.show_keys(self)

    @Slot()
    def _fit_head(self) -> None:
        self.head.fit(self.width())
        if not self.menuBar().isNativeMenuBar():
            self.menuBar().setCornerWidget(self.head)  # a menu bar asks for its corner's size only here

    @Slot()
    def _show_about(self) -> None:
        dialogs.show_about(self)

    # ------------------------------------------------------------ Qt's events

    def event(self, event: QEvent) -> bool:
        """Count the pictures that reach the screen; after the first one begin with what takes time."""
        handled = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            self.frames += self._drawn
            self._drawn = False
            if not self._painted:
                self._painted = True
                self._begin.start()
        return handled

    @Slot()
    def _after_first_paint(self) -> None:
        self.first_painted.emit()
        self._centre.setFocus()
        self.pilot.look(self.grid.needs())
        self.pilot.start()
        self.grid.begin()

    @Slot()
    def _begin_rest(self) -> None:
        """What nobody sees yet waits until torch is there, or cannot be had: while it loads, whatever the
        window computes delays the first step."""
        if not self.form.has_begun:
            self.form.begin()
            say_presets(self.actions_by_name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the panels where the window is narrow."""
        super().resizeEvent(event)
        self.look.fit_rail()
        self._fit_head()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on nothing takes the focus out of a field, so that the keys work again."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file or folder."""
        if dropped_path(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        path = dropped_path(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.own_data.drop(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the thread, then go."""
        if not self.keeping.may_close():
            event.ignore()
            return
        self.look.remember()
        self._begin.stop()
        self.hide()  # at once, even where the thread is within a long step
        self.form.close_errands()
        self.keeping.finish()
        self.pilot.close()
        event.accept()
