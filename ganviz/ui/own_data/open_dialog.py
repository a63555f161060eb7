"""The dialog before own data are used: what a file or folder holds, how it will look, or why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QFontMetrics
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganviz.data.derived import DERIVED
from ganviz.data.files.contents import ACCEPTED, Tell
from ganviz.data.own import own_source
from ganviz.data.preview import Preview, describe
from ganviz.experiment import SETTINGS, Experiment
from ganviz.experiment.pair import FITS_ANY, misfit
from ganviz.live.errand import Errand
from ganviz.ui.fields import ChoiceField
from ganviz.ui.own_data.dropping import dropped_path
from ganviz.ui.own_data.parts import beside, dress, named, push_button
from ganviz.ui.own_data.sides import Sides, key_of, of_side, sides_of, use_words
from ganviz.ui.own_data.source_picture import Glance, SourcePicture, glance
from ganviz.ui.style import font
from ganviz.ui.theme import Theme
from ganviz.ui.wording import in_words

SIZE = (760, 640)
PICTURE = 230
CHOICES = {
    "image_size": ("images",),
    "image_colour": ("images",),
    "data_scale": ("points",),
    "network": ("images",),
}
"""Settings that can be chosen here, and the kinds of data that they act on."""
OF_TRAINING = "network"
"""The one of them that changes nothing in what is read."""
DROP_HERE = f"Choose a file or a folder below, or drop it here.\n\nWhat can be read: {ACCEPTED}."
NOTE = "note"
"""Opens a line of a preview that is a warning."""
Y_GIVES_WAY = f"Y as it is does not fit these data: it becomes {DERIVED[FITS_ANY].title}."
_MINUS = re.compile(r"(?<!\w)-(?=\d)")


@dataclass(frozen=True)
class Found:
    """What was read, how it looks, and in one line why it does not fit the other side (empty: it does)."""

    preview: Preview
    glance: Glance
    misfit: str


def found_in(
    path: Path, chosen: Mapping[str, Any], experiment: Experiment, side: str, *, fit: bool, tell: Tell
) -> Found:
    """Read a file or folder as it would be used as this side's data, ``fit``: images in the form that fits
    them; DataError where it cannot be."""
    preview = describe(path, chosen["image_size"], chosen["image_colour"], tell, fit)
    settings = {**chosen, **preview.image_settings()}
    radius = getattr(experiment, key_of("radius", side))
    seen = glance(own_source(str(path), radius=radius, **settings))
    used = of_side({"data": "file", "data_path": str(path), **settings}, side)
    return Found(preview, seen, misfit(experiment.model_copy(update=used)))


class OpenDialog(QDialog):
    """Asks for a file or folder, reads it beside the window, and shows what is in it. ``used`` carries the
    side that it shall be the data of, ``side`` unless another is chosen, and the settings that make it so;
    ``failed`` the traceback of a fault.
    """

    used = Signal(str, object)
    failed = Signal(str)

    def __init__(self, parent: QWidget, experiment: Experiment, side: str, folder: str) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.own")
        self.setWindowTitle("Open data")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self._experiment, self._folder = experiment, folder
        self._path: Path | None = None
        self._fits = self._gives_way = False
        self._errand: Errand | None = None
        self.preview: Preview | None = None
        self._glance: Glance | None = None
        self.sides = Sides("own", sides_of(experiment), side)
        self.sides.changed.connect(self._change_side)
        self.title, self.place, self.refusal = QLabel(), QLabel(), QLabel()
        self.picture = SourcePicture(PICTURE, 15)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.facts = QGridLayout()
        self.choices = {key: self._choice(key) for key in CHOICES}
        self.file = push_button("own.file", self._ask_for_file)
        self.folder = push_button("own.folder", self._ask_for_folder)
        self.use = push_button("own.use", self._use)
        self.cancel = push_button("own.cancel", self.reject)
        self.use.setDefault(True)
        self._lay_out()
        self._show_nothing()

    # ------------------------------------------------------------ building

    def _choice(self, key: str) -> ChoiceField:
        field = ChoiceField(SETTINGS[key])
        named(field, f"own.{key}")
        field.show_value(getattr(self._experiment, key))
        if key != OF_TRAINING:
            field.activated.connect(self._read_again)
        return field

    def _lay_out(self) -> None:
        for label in (self.title, self.place, self.refusal):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.refusal.setWordWrap(True)
        self.refusal.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts.setHorizontalSpacing(14)
        self.facts.setVerticalSpacing(3)
        self.facts.setColumnStretch(1, 1)
        self._options = QWidget()
        options = QHBoxLayout(self._options)
        options.setContentsMargins(0, 0, 0, 0)
        options.setSpacing(12)
        self._labels = {key: QLabel(SETTINGS[key].title) for key in self.choices}
        for key, field in self.choices.items():
            self._labels[key].setBuddy(field)
            options.addWidget(self._labels[key])
            options.addWidget(field)
        options.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(8)
        for widget in (self.title, self.place, self.progress, self.refusal):
            layout.addWidget(widget)
        layout.addWidget(self._found(), 1)
        layout.addWidget(self._options)
        layout.addWidget(self.sides)
        layout.addSpacing(4)
        layout.addLayout(beside(self.file, self.folder, self.cancel, self.use))

    def _found(self) -> QScrollArea:
        """Picture and facts: what scrolls where the window is small and the type large, so that the buttons
        stay in sight."""
        inner, area = QWidget(), QScrollArea()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.picture, 1)
        column.addLayout(self.facts)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        dress(self.findChildren(QPushButton), self.use, theme, scale)
        self.title.setFont(font(17, scale, QFont.Weight.DemiBold))
        self.place.setFont(font(12, scale))
        self.place.setStyleSheet(f"color: {theme.mute}")
        self.refusal.setFont(font(14, scale))
        self.refusal.setStyleSheet(
            f"color: {theme.warning}; background: {theme.warning_tint}; padding: {round(8 * scale)}px;"
            "border-radius: 4px"
        )
        for widget in (*self._labels.values(), *self.choices.values(), self.progress):
            widget.setFont(font(13, scale))
        for field in self.choices.values():
            field.setMinimumHeight(round(30 * scale))
        self.picture.apply_theme(theme, scale)
        parent = self.parentWidget()
        assert parent is not None
        wide, high = (round(side * scale) for side in SIZE)
        self.resize(min(wide, round(0.94 * parent.width())), min(high, round(0.94 * parent.height())))
        self._show_facts()

    # ------------------------------------------------------------ reading

    def read(self, path: Path) -> None:
        """Read this file or folder and show what is in it, images in the size and colours that fit them, for
        convolutions; another one that is being read is left."""
        self._read(path, fit=not (self._is_settled(path) or self._takes_form_of_x()))

    def _is_settled(self, path: Path) -> bool:
        """Whether size and colours are: these are the data already, or the other side of a pair has them."""
        own = {side for side in sides_of(self._experiment) if self._of(side, "data") == "file"}
        return bool(own - {self.sides.side}) or any(self._of(side, "data_path") == str(path) for side in own)

    def _takes_form_of_x(self) -> bool:
        """For Y: choose size and colours of X where it is images, because both share them."""
        x = self._experiment.source_at_hand() if self.sides.side == "y" else None
        if x is None or x.image_shape is None:
            return False
        channels, side, _ = x.image_shape
        self.choices["image_size"].show_value(side)
        self.choices["image_colour"].show_value("colour" if channels == 3 else "grey")
        return True

    def _of(self, side: str, key: str) -> Any:
        return getattr(self._experiment, key_of(key, side))

    def _read(self, path: Path, fit: bool) -> None:
        self._stop()
        self._path, self.preview, self._fits = path, None, fit
        chosen = {key: field.currentData() for key, field in self.choices.items() if key != OF_TRAINING}
        experiment, side = self._experiment, self.sides.side

        def work(tell: Tell) -> Found:
            return found_in(path, chosen, experiment, side, fit=fit, tell=tell)

        self._errand = Errand(work, self)
        self._errand.progressed.connect(self._show_progress)
        self._errand.done.connect(self._show_found)
        self._errand.refused.connect(self._show_refusal)
        self._errand.failed.connect(self._fail)
        self.picture.show_glance(None, "Reading…")
        self.title.setText(path.name or str(path))
        self._show_place()
        self._say("")
        self.progress.setValue(0)
        self.progress.show()
        self.use.setEnabled(False)
        self._errand.start()

    @Slot()
    def _change_side(self) -> None:
        self._show_side()
        self._takes_form_of_x()
        self._read_again()

    @Slot()
    def _read_again(self) -> None:
        """In another size or colour, or for the other side."""
        if self._path is not None:
            self._read(self._path, fit=False)

    def _stop(self) -> None:
        if self._errand is not None:
            self._errand.disconnect(self)
            self._errand.drop()
            self._errand = None

    def done(self, result: int) -> None:
        """The dialog closes, however it was asked to."""
        self._stop()
        super().done(result)

    # ------------------------------------------------------------ what is shown

    def _show_side(self) -> None:
        """The button says whose data these become."""
        self.use.setText(use_words("own", self.sides))

    def _show_nothing(self) -> None:
        self._show_side()
        self.title.setText("Your own data")
        self.place.setText("It is looked at before it is used; nothing is copied.")
        self.picture.show_glance(None, DROP_HERE)
        self.progress.hide()
        self.refusal.hide()
        self._options.hide()
        self.use.setEnabled(False)

    def _show_place(self) -> None:
        metrics = QFontMetrics(self.place.font())
        room = max(200, self.width() - 60)
        self.place.setText(metrics.elidedText(str(self._path), Qt.TextElideMode.ElideMiddle, room))
        self.place.setToolTip(str(self._path))

    def _say(self, line: str) -> None:
        self.refusal.setText(line)
        self.refusal.setVisible(bool(line))

    @Slot(float)
    def _show_progress(self, share: float) -> None:
        self.progress.setValue(round(100 * share))

    @Slot(object)
    def _show_found(self, found: Found) -> None:
        self._errand_is_over()
        self.preview, self._glance = found.preview, found.glance
        self.picture.show_glance(found.glance)
        for key, value in found.preview.image_settings().items():
            self.choices[key].show_value(value)
        if self._fits and found.preview.kind == "images":
            self.choices[OF_TRAINING].show_value("dcgan")
        self._gives_way = bool(found.misfit) and self.sides.side == "x"
        fits = self._gives_way or not found.misfit
        for key, kinds in CHOICES.items():
            for widget in (self._labels[key], self.choices[key]):
                widget.setVisible(found.preview.kind in kinds)
        self._options.setVisible(any(found.preview.kind in kinds for kinds in CHOICES.values()))
        self._show_facts()
        self._say("" if fits else f"{in_words(found.misfit)}; or these as X")
        self.use.setEnabled(fits)
        if fits:
            self.use.setFocus()

    @Slot(str)
    def _show_refusal(self, line: str) -> None:
        self._errand_is_over()
        self.picture.show_glance(None, DROP_HERE)
        self._show_facts()
        self._say(line)

    @Slot(str)
    def _fail(self, traceback: str) -> None:
        self.reject()
        self.failed.emit(traceback)

    def _errand_is_over(self) -> None:
        self.progress.hide()

    def _show_facts(self) -> None:
        """The lines of the preview, warnings last and marked."""
        while (item := self.facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        lines = [*self.preview.lines()] if self.preview else []
        if lines and self._gives_way:
            lines.append((NOTE, Y_GIVES_WAY))
        for row, (name, value) in enumerate(lines):
            is_note = name == NOTE
            first, second = QLabel(name.capitalize()), QLabel(_MINUS.sub("−", value))
            first.setFont(font(13, self._scale))
            second.setFont(font(13, self._scale, QFont.Weight.Normal if is_note else QFont.Weight.DemiBold))
            first.setStyleSheet(f"color: {self._theme.mute}")
            second.setStyleSheet(f"color: {self._theme.warning if is_note else self._theme.ink}")
            second.setTextFormat(Qt.TextFormat.PlainText)
            second.setWordWrap(True)
            self.facts.addWidget(first, row, 0, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(second, row, 1)

    # ------------------------------------------------------------ what is chosen

    @Slot()
    def _ask_for_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open data", self._start())
        if name:
            self.read(Path(name))

    @Slot()
    def _ask_for_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Open a folder of images", self._start())
        if name:
            self.read(Path(name))

    def _start(self) -> str:
        return str(self._path.parent) if self._path is not None else self._folder

    @Slot()
    def _use(self) -> None:
        if self.preview is None or self._glance is None or self._path is None:
            return
        side = self.sides.side
        settings: dict[str, Any] = {"data": "file", "data_path": str(self._path)}
        if self.preview.kind != "images" and self._experiment.network == "dcgan":
            settings["network"] = "mlp"  # which only the dialog knows: the setting says "a file"
        for key, kinds in CHOICES.items():
            if self.preview.kind in kinds:
                settings[key] = self.choices[key].currentData()
        settings = of_side(settings, side)
        if self._gives_way:
            settings["data_y"] = FITS_ANY
        self.accept()
        self.used.emit(side, settings)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file or folder."""
        if dropped_path(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        path = dropped_path(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.read(path)
