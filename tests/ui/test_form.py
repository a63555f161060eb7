"""The form is what the experiment declares: fields, marks, ranges, errors."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ganviz.experiment import SETTINGS, Experiment
from ganviz.ui.choices import Choices
from ganviz.ui.controls import NOT_IN_FORM
from ganviz.ui.fields import ChoiceField, NumberField, decade_step
from ganviz.ui.form import Form
from ganviz.ui.form_groups import weights
from ganviz.ui.theme import LIGHT
from ganviz.ui.window import MainWindow
from ganviz.ui.wording import full_title, in_words

LEFT = Qt.MouseButton.LeftButton
SATURATION = Experiment.preset("saturation")


@pytest.fixture
def form(qtbot: QtBot) -> Iterator[Form]:
    made = Form()
    qtbot.addWidget(made)
    made.resize(262, 900)
    made.show_experiment(SATURATION, SATURATION)
    for group in made.groups.values():
        group.set_open(True)
    made.apply_theme(LIGHT, 1.0)
    made.show()
    yield made
    made.close_errands()


def type_in(qtbot: QtBot, field: NumberField, text: str) -> None:
    field.setFocus()
    field.lineEdit().selectAll()
    qtbot.keyClick(field.lineEdit(), Qt.Key.Key_Delete)
    qtbot.keyClicks(field.lineEdit(), text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_every_setting_has_its_field_and_explains_itself(form: Form) -> None:
    assert set(form.rows) == set(SETTINGS) - NOT_IN_FORM
    for key, row in form.rows.items():
        setting = SETTINGS[key]
        assert row.field.objectName() == f"setting.{key}"
        for part in (setting.help, setting.symbol, setting.accepted):
            assert part in row.field.toolTip()
        assert row.field.accessibleName() == setting.title
        waits = not setting.live and setting.group != "experiment"
        assert row.mark.isHidden() is not waits
        assert isinstance(row.field, ChoiceField) is bool(setting.choices)


def test_only_settings_with_an_effect_are_shown(form: Form) -> None:
    assert not form.rows["g_momentum"].isHidden()
    assert form.rows["g_beta1"].isHidden()
    assert form.rows["weight_clip"].isHidden()
    other = SATURATION.replace(g_optimizer="rmsprop", objective="wasserstein", data="square")
    form.show_experiment(other, SATURATION)
    hidden = {key for key, row in form.rows.items() if row.isHidden()}
    assert hidden == {key for key in form.rows if not other.applies(key)}
    assert {"g_momentum", "g_beta1", "sigma", "modes"} <= hidden
    assert not {"g_beta2", "weight_clip", "radius"} & hidden


def test_every_choice_has_room_for_its_text_even_in_bold(form: Form) -> None:
    for row in form.rows.values():
        if isinstance(row.field, ChoiceField):
            bold = QFont(row.field.font())
            bold.setBold(True)
            for index in range(row.field.count()):
                text = row.field.itemText(index)
                assert QFontMetrics(bold).horizontalAdvance(text) <= row.field.text_room(), text


def test_the_rail_begins_with_what_to_look_for(form: Form) -> None:
    assert form.about.name.text() == "saturation"
    assert form.about.description.text() == SATURATION.description
    place = form.about.description
    assert place.height() >= place.heightForWidth(place.width())
    form.show_experiment(SATURATION.replace(description=""), SATURATION)
    assert form.about.description.isHidden()


def test_a_typed_value_is_proposed(qtbot: QtBot, form: Form) -> None:
    with qtbot.waitSignal(form.proposed) as heard:
        type_in(qtbot, form.rows["radius"].field, "3.5")
    assert heard.args == ["radius", 3.5]
    with qtbot.waitSignal(form.proposed) as heard:
        type_in(qtbot, form.rows["modes"].field, "12")
    assert heard.args == ["modes", 12]
    assert isinstance(heard.args[1], int)


def test_a_choice_is_proposed_by_its_id(qtbot: QtBot, form: Form) -> None:
    field = form.rows["g_optimizer"].field
    with qtbot.waitSignal(form.proposed) as heard:
        qtbot.keyClick(field, Qt.Key.Key_Down)
    assert heard.args == ["g_optimizer", "adam"]


@pytest.mark.parametrize(
    ("value", "steps", "reached"),
    [
        (0.001, 1, 0.002), (0.002, 1, 0.005), (0.005, 1, 0.01), (0.001, -1, 0.0005), (0.02, 3, 0.2),
        (0.0003, 1, 0.0005), (0.0003, -1, 0.0002), (1e-7, -1, 1e-7), (100.0, 1, 100.0), (0.02, 10, 0.2),
        (0.02, -10, 0.002),
    ],
)  # fmt: skip
def test_logarithmic_fields_step_by_decades(value: float, steps: int, reached: float) -> None:
    assert decade_step(value, steps, 1e-7, 100.0) == reached


def test_arrow_keys_step_a_field_within_its_range(qtbot: QtBot, form: Form) -> None:
    proposals: list[tuple[str, object]] = []
    form.proposed.connect(lambda key, value: proposals.append((key, value)))
    for key, pressed in (("g_learning_rate", "Key_Up"), ("modes", "Key_Down"), ("g_momentum", "Key_Up")):
        qtbot.keyClick(form.rows[key].field, Qt.Key[pressed])
    form.show_experiment(SATURATION.replace(modes=1), SATURATION)
    qtbot.keyClick(form.rows["modes"].field, Qt.Key.Key_Down)
    assert proposals == [("g_learning_rate", 0.05), ("modes", 7), ("g_momentum", 0.51)]


def test_a_dot_marks_what_differs_and_restores_it(qtbot: QtBot, form: Form) -> None:
    assert all(row.dot.isHidden() for row in form.rows.values())
    form.show_experiment(SATURATION.replace(radius=3.0), SATURATION)
    assert [key for key, row in form.rows.items() if not row.dot.isHidden()] == ["radius"]
    assert form.rows["radius"].field.font().bold()
    with qtbot.waitSignal(form.proposed) as heard:
        qtbot.mouseClick(form.rows["radius"].dot, LEFT)
    assert heard.args == ["radius", 2.0]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("g_learning_rate", "-1"),
        ("g_learning_rate", "1e9"),
        ("g_learning_rate", "fast"),
        ("modes", "8.5"),
        ("modes", "0"),
        ("radius", ""),
        ("radius", "nan"),
        ("batch_size", "99999999999999999999"),
    ],
)
def test_a_bad_value_is_said_and_the_last_good_one_stays(
    qtbot: QtBot, window: MainWindow, key: str, text: str
) -> None:
    field = window.form.rows[key].field
    before = window.choices.experiment
    type_in(qtbot, field, text)
    assert window.choices.experiment == before
    assert window.choices.stack.count() == 0
    assert SETTINGS[key].accepted in field.error
    assert field.toolTip().startswith(field.error)
    assert "\n" not in field.error
    assert window.verdict.text == field.error
    assert field.text() == text
    image = field.grab().toImage()
    assert image.pixelColor(1, image.height() // 2).name().upper() == window.look.theme.warning
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.error == ""
    assert field.text() == window.form.rows[key].field.text() != text


def test_a_bad_value_survives_another_change_and_a_good_one_clears_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    field = window.form.rows["radius"].field
    type_in(qtbot, field, "-3")
    window.desk.propose("modes", 6)
    assert (field.text(), bool(field.error)) == ("-3", True)
    type_in(qtbot, field, "2.5")
    assert field.error == ""
    assert window.choices.experiment.radius == 2.5
    assert not field.toolTip().startswith("radius")


def test_a_refused_text_goes_when_the_field_is_left_and_has_been_said(
    qtbot: QtBot, window: MainWindow
) -> None:
    field = window.form.rows["g_learning_rate"].field
    field.setFocus()
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), "banana")
    qtbot.mouseClick(window.timeline, LEFT)
    assert not field.hasFocus()
    assert (field.text(), field.error) == ("0.02", "")
    line = "Learning rate η of G = banana: not usable; accepted: a number from 1e-07 to 100"
    assert window.verdict.text == line
    assert "banana" not in field.toolTip() + window.form.rows["g_learning_rate"].label.toolTip()
    type_in(qtbot, field, "0.05")
    assert window.verdict.text != line, "the message ends with its cause"


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Z])
def test_a_refused_text_is_taken_back_by_escape_and_undo(
    qtbot: QtBot, window: MainWindow, key: Qt.Key
) -> None:
    window.desk.propose("modes", 6)
    field = window.form.rows["radius"].field
    type_in(qtbot, field, "-3")
    assert field.hasFocus()
    assert "Radius R = -3" in window.verdict.text
    control = Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_Z else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(field, key, control)
    assert (field.text(), field.error) == ("2", "")
    assert "Radius" not in window.verdict.text
    assert window.choices.experiment.modes == 6, "only the text was taken back"
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.choices.experiment.modes == 8, "with nothing typed undo takes back the last choice"


def test_a_text_field_takes_its_last_text_back(qtbot: QtBot, window: MainWindow) -> None:
    window.form.groups["experiment"].set_open(True)
    field = window.form.rows["name"].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "a/b")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "a/b"
    assert field.error.startswith("Name = a/b")
    window.timeline.setFocus()
    field.clearFocus()
    assert (field.text(), field.error) == ("saturation", "")


def test_lines_about_settings_name_what_stands_on_screen() -> None:
    assert (
        in_words("d_updates = 0, g_updates = 0: nobody moves")
        == "D updates k = 0, G updates = 0: nobody moves"
    )
    assert in_words("seed = x: not usable") == "Seed = x: not usable"
    assert in_words("data of a seed by name") == "data of a seed by name"
    assert full_title(SETTINGS["d_beta1"]) == "First moment β₁ of D"


def test_settings_that_exclude_each_other_are_refused(window: MainWindow) -> None:
    window.desk.propose("d_updates", 0)
    window.desk.propose("g_updates", 0)
    assert window.choices.experiment.g_updates == 1
    assert "at least one" in window.form.rows["g_updates"].field.error


def test_an_absent_device_is_refused_before_a_reset(window: MainWindow) -> None:
    window.desk.propose("device", "cuda:97")
    assert window.choices.experiment.device == "auto"
    assert window.form.rows["device"].field.error.startswith("Device = cuda:97: not on this machine")
    window.desk.propose("device", "cpu")
    assert window.choices.experiment.device == "cpu"


def test_a_bad_seed_is_said_at_the_seed(qtbot: QtBot, window: MainWindow) -> None:
    type_in(qtbot, window.toolbar.seed, "x")
    assert window.toolbar.seed.error.startswith("Seed = x")
    assert "0 to 2,147,483,647" in window.toolbar.seed.error
    type_in(qtbot, window.toolbar.seed, "17")
    assert window.toolbar.seed.error == ""
    assert window.choices.experiment.seed == 17
    assert window.toolbar.reset.note == "with seed 17"


def test_groups_open_close_and_remember(qtbot: QtBot, form: Form) -> None:
    header = form.findChild(QAbstractButton, "group.data")
    qtbot.mouseClick(header, LEFT)
    assert form.groups["data"].body.isHidden()
    state = form.save_state()
    form.restore_state({})
    assert not form.groups["data"].body.isHidden()
    form.restore_state(state)
    assert form.groups["data"].body.isHidden()


def test_the_summary_counts_weights_as_torch_does(form: Form) -> None:
    import torch

    layers = [torch.nn.Linear(2, 128), torch.nn.Linear(128, 128), torch.nn.Linear(128, 1)]
    counted = sum(p.numel() for layer in layers for p in layer.parameters())
    assert weights(2, 128, 2, 1) == counted
    assert form.groups["discriminator"].header.summary == f"{counted:,} weights"
    assert weights(2, 128, 0, 1) == 3


def test_merging_of_undo_ends_with_another_setting() -> None:
    choices = Choices(SATURATION)
    choices.set("radius", 2.5)
    choices.set("radius", 3.0)
    choices.set("sigma", 0.2)
    choices.set("radius", 3.5)
    assert choices.stack.count() == 3
    choices.stack.undo()
    assert (choices.experiment.radius, choices.experiment.sigma) == (3.0, 0.2)
    choices.stack.undo()
    choices.stack.undo()
    assert choices.experiment == SATURATION
    assert not choices.is_modified


def test_a_row_is_made_when_it_is_seen_and_tab_goes_from_top_to_bottom(qtbot: QtBot) -> None:
    form = Form()
    qtbot.addWidget(form)
    form.show_experiment(SATURATION, SATURATION)
    group = form.groups["regularisation"]
    assert not group.rows and set(form.groups["data"].rows) < set(form.groups["data"].settings)
    group.set_open(True)
    assert set(group.rows) == {key for key in group.settings if SATURATION.applies(key)}
    assert not form.is_complete
    form.begin()
    qtbot.waitUntil(lambda: form.is_complete)
    for group in form.groups.values():
        assert tuple(group.rows) == group.settings
        places = [group.body.layout().indexOf(row) for row in group.rows.values()]
        assert places == sorted(places) and min(places) >= 0
    fields = {row.field: key for key, row in form.rows.items()}
    by_tab, at = [], form.nextInFocusChain()
    while at is not form:
        by_tab += [fields[at]] if at in fields else []
        at = at.nextInFocusChain()
    assert by_tab == [key for group in form.groups.values() for key in group.settings]
