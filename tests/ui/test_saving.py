"""What a panel writes: pictures without controls, in the folder and under the name that were meant."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.training.trainer import Trainer
from ganviz.ui import dashboard, formula
from ganviz.ui.panels import export, saving
from ganviz.ui.panels.losses import LossesPanel
from ganviz.ui.theme import LIGHT

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32}


@pytest.fixture(scope="module")
def run() -> Run:
    trainer = Trainer(Experiment(**SMALL))  # type: ignore[arg-type]
    trainer.step(30)
    return trainer.run()


@pytest.fixture
def panel(qtbot: QtBot, run: Run) -> LossesPanel:
    panel = LossesPanel()
    qtbot.addWidget(panel)
    panel.resize(620, 370)
    panel.show_runs([run])
    panel.show()
    return panel


@pytest.fixture
def qt_dialogs() -> Iterator[None]:
    """File dialogs that a test can drive."""
    attribute = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = QCoreApplication.testAttribute(attribute)
    QCoreApplication.setAttribute(attribute, True)
    yield
    QCoreApplication.setAttribute(attribute, before)


def colours(image: QImage, box: QRect) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    }


def place(widget: QWidget, inside: QWidget) -> QRect:
    return QRect(widget.mapTo(inside, widget.rect().topLeft()), widget.size())


def test_a_picture_has_no_controls_and_the_panel_keeps_them(panel: LossesPanel) -> None:
    menu = panel.findChild(QToolButton, "menu.losses")
    assert menu is not None
    raw, on, off = (panel.legend.buttons[key] for key in ("raw", "d", "total"))
    ground = {QColor(LIGHT.panel).name()}
    picture = export.picture(panel, 1.0)
    for hidden in (menu, raw, off):
        assert colours(picture, place(hidden, panel)) == ground, hidden.objectName()
    assert QColor(LIGHT.d).name() in colours(picture, place(on, panel))
    screen = panel.grab().toImage()
    for shown in (menu, raw, off):
        assert len(colours(screen, place(shown, panel))) > 3


def test_a_picture_of_twice_the_pixels_has_lines_twice_as_wide(panel: LossesPanel) -> None:
    def thickness(scale: float) -> float:
        """Pixels of L_G's colour for each column of the plot."""
        image, plot = export.picture(panel, scale), panel.plot
        area, corner = plot.area(), plot.mapTo(panel, plot.rect().topLeft())
        wanted, found = QColor(LIGHT.g), 0
        left, top = (corner.x() + area.left()) * scale, (corner.y() + area.top()) * scale
        wide, high = round(0.9 * area.width() * scale), round(area.height() * scale)
        for x in range(round(left), round(left) + wide):
            found += sum(image.pixelColor(x, y) == wanted for y in range(round(top), round(top) + high))
        return found / wide

    curves = [item for item in panel.plot.view.allChildren() if isinstance(item, pg.PlotCurveItem)]
    before = [item.opts["pen"].widthF() for item in curves]
    assert thickness(2.0) == pytest.approx(2.0 * thickness(1.0), rel=0.25)
    assert [item.opts["pen"].widthF() for item in curves] == before


def test_formulas_in_a_picture_are_set_in_its_own_pixels(qtbot: QtBot, tmp_path: Path) -> None:
    label = formula.FormulaLabel(r"\log(1-D)")
    qtbot.addWidget(label)
    label.apply("#000000", 16)
    label.resize(label.sizeHint())
    image = export.picture(label, 2.0)
    blocks = [
        {image.pixelColor(x + i, y + j).name() for i in (0, 1) for j in (0, 1)}
        for x in range(0, image.width() - 1, 2)
        for y in range(0, image.height() - 1, 2)
    ]
    assert any(len(block) > 1 for block in blocks)  # not the picture for the screen, each pixel four times
    export.save_picture(label, tmp_path / "label.svg")
    drawn = (tmp_path / "label.svg").read_text()
    assert "<image" not in drawn and drawn.count("<path") >= 5


def test_a_picture_names_an_unusual_choice(panel: LossesPanel) -> None:
    panel.legend.buttons["smooth"].click()
    picture = export.picture(panel, 1.0)
    assert len(colours(picture, place(panel.legend.buttons["smooth"], panel))) > 3


def test_the_dashboard_has_no_controls(qtbot: QtBot, run: Run, tmp_path: Path) -> None:
    board = dashboard._Board(run, LIGHT, (1200, 700))
    qtbot.addWidget(board)
    list(board.fill([run]))
    board.grab()  # lays it out
    dashboard.draw([run], tmp_path / "d.png", LIGHT, (1200, 700))
    image = QImage(str(tmp_path / "d.png"))
    menus = [button for button in board.findChildren(QToolButton) if button.objectName().startswith("menu.")]
    assert len(menus) == 6
    for menu in menus:
        assert colours(image, place(menu, board)) == {QColor(LIGHT.panel).name()}


def answer(act: Callable[[QFileDialog], None]) -> None:
    """Do this with the next file dialog, as soon as it is open."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            act(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


@pytest.mark.usefixtures("qt_dialogs")
@pytest.mark.parametrize(("what", "suffix"), [("save_picture", ".png"), ("save_data", ".csv")])
def test_a_name_without_a_suffix_gets_one_and_the_folder_is_remembered(
    panel: LossesPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, suffix: str
) -> None:
    monkeypatch.setattr(saving._Folder, "last", tmp_path)
    chosen = tmp_path / "here"
    chosen.mkdir()
    opened_in: list[str] = []

    def name_it(dialog: QFileDialog) -> None:
        opened_in.append(dialog.directory().absolutePath())
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(chosen / "mine"))  # as if typed
        dialog.accept()

    answer(name_it)
    getattr(panel.menu_button, what)()
    assert opened_in == [str(tmp_path)]
    file = chosen / f"mine{suffix}"
    assert [each.name for each in chosen.iterdir()] == [file.name]
    if suffix == ".png":
        assert QImage(str(file)).width() == 1240
    else:
        column = np.genfromtxt(file, delimiter=",", names=True)["d_loss"]
        np.testing.assert_array_equal(column, panel.export_data()["d_loss"])
    assert saving.proposed_folder() == chosen


def test_the_first_folder_is_documents_or_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving._Folder, "last", None)
    monkeypatch.setattr(saving.platformdirs, "user_documents_dir", lambda: str(tmp_path))
    assert saving.proposed_folder() == tmp_path
    monkeypatch.setattr(saving.platformdirs, "user_documents_dir", lambda: str(tmp_path / "none"))
    assert saving.proposed_folder() == Path.home()
