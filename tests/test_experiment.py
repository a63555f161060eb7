"""Settings: declared once, checked once, and the same in file, command line and memory."""

import tomllib
from pathlib import Path

import pytest

from ganviz.experiment import GROUPS, SETTINGS, Experiment, ExperimentError, changes, presets, waiting


@pytest.mark.parametrize("name", presets())
def test_every_preset_loads_and_survives_a_round_trip(name: str, tmp_path: Path) -> None:
    experiment = Experiment.preset(name)
    assert experiment.name == name and experiment.description
    path = tmp_path / "other.toml"
    path.write_text(experiment.to_toml())
    assert Experiment.load(path) == experiment


def test_the_presets_that_were_promised_are_there() -> None:
    assert presets()[0] == "saturation"
    assert {
        "saturation",
        "saturation-adam",
        "spectrum",
        "ring8",
        "grid25",
        "gauss1d",
        "moons",
        "digits",
        "collapse",
    } <= set(presets())


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_is_declared_in_full(key: str) -> None:
    setting = SETTINGS[key]
    assert (
        setting.title
        and setting.help.endswith((".", "faster."))
        and setting.group in GROUPS
        and setting.accepted
    )
    if setting.kind in (int, float):
        assert (
            setting.minimum is not None
            and setting.maximum is not None
            and setting.minimum <= setting.default <= setting.maximum
        )
    if setting.log:
        assert setting.minimum > 0 or 0 < setting.smallest <= setting.maximum
    assert setting.key in Experiment().to_toml()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("g_learning_rate = -1", "g_learning_rate = -1: not usable; accepted: a number from 1e-07 to 100"),
        ("d_learning_rate = 1e9", "accepted: a number from 1e-07 to 100"),
        ('objective = "bce"', "accepted: minimax, non_saturating, least_squares, wasserstein, hinge"),
        ("modes = 2.5", "modes = 2.5: not usable; accepted: a whole number from 1 to 64"),
        ('modes = "8"', "accepted: a whole number"),
        ("batch_size = true", "accepted: a whole number"),
        ("radius = nan", "accepted: a number from"),
        ("g_learning_rat = 1", "no setting 'g_learning_rat'; accepted: g_learning_rate"),
        ('device = "tpu"', "accepted: auto, cpu, cuda, cuda:N, mps"),
        ('name = "../../etc"', "accepted: up to 80 letters"),
        ("d_updates = 0\ng_updates = 0", "at least one of them"),
        ("", "no settings in it"),
        ("# only a comment", "no settings in it"),
        ("steps = = 3", "not valid TOML"),
        ("seed = " + "9" * 5000, "not valid TOML"),
        ("modes = " + "[" * 20_000, "not valid TOML"),
        ('name = "a\\u0007b"', r"name = a\x07b: not usable"),
        ("[data]\nmodes = 3", "accepted: ring"),
    ],
)
def test_bad_files_are_refused_in_one_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(ExperimentError) as refusal:
        Experiment.load(path)
    message = str(refusal.value)
    if "accepted: ring" not in words:
        assert words in message
    assert str(path) in message and "\n" not in message and len(message) < 700


def test_unreadable_files_are_refused_in_one_line(tmp_path: Path) -> None:
    binary, huge = tmp_path / "binary.toml", tmp_path / "huge.toml"
    binary.write_bytes(bytes(range(256)))
    huge.write_bytes(b"#" * 1_000_001)
    for path, words in (
        (binary, "not a text file"),
        (huge, "larger than 1 MB"),
        (tmp_path / "none.toml", "No such file"),
        (tmp_path, "directory"),
    ):
        with pytest.raises(ExperimentError, match=words) as refusal:
            Experiment.load(path)
        assert "\n" not in str(refusal.value)


def test_assignments_are_read_as_the_settings_type() -> None:
    changed = Experiment().assign(["objective=hinge", "g_learning_rate=3e-4", "d_updates=5", "seed=11"])
    assert (changed.objective, changed.g_learning_rate, changed.d_updates, changed.seed) == (
        "hinge",
        3e-4,
        5,
        11,
    )
    for text in ("d_updates=2.5", "objective", "nothing=1", "g_learning_rate=abc", "seed=-1"):
        with pytest.raises(ExperimentError, match="accepted"):
            Experiment().assign([text])


def test_changes_know_live_from_restart() -> None:
    old, new = Experiment(), Experiment(objective="hinge", batch_size=64, description="other")
    assert {change.key: change.live for change in changes(old, new)} == {
        "description": False,
        "objective": True,
        "batch_size": False,
    }
    assert [change.key for change in waiting(old, new)] == ["batch_size"]


def test_settings_that_do_not_apply_say_so() -> None:
    ring = Experiment()
    assert (
        ring.applies("modes")
        and not ring.applies("side")
        and ring.applies("d_beta1")
        and not ring.applies("d_momentum")
    )
    assert ring.replace(objective="wasserstein").applies("weight_clip") and not ring.applies("weight_clip")


def test_the_written_file_is_plain_toml_in_groups() -> None:
    text = Experiment.preset("saturation").to_toml()
    assert tomllib.loads(text)["g_gradient_clip"] == 0.25
    assert [line[2:] for line in text.splitlines() if line.startswith("# ")] == list(GROUPS.values())


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "marked.toml"
    file.write_bytes("\ufeffmodes = 3\n".encode())
    assert Experiment.load(file).modes == 3


def test_a_setting_belongs_to_its_games_only() -> None:
    gan, dirac = Experiment(), Experiment(game="dirac")
    assert {"objective", "data", "d_learning_rate", "seed"} <= {k for k in SETTINGS if gan.applies(k)}
    of_dirac = {key for key in SETTINGS if dirac.applies(key)}
    assert {"methods", "step_size", "gamma", "start_psi", "g_updates", "seed", "steps"} <= of_dirac
    assert not {"objective", "data", "d_learning_rate", "r1", "clip", "spread"} & of_dirac
    assert not any(gan.applies(key) for key in ("methods", "step_size", "gamma"))
    assert dirac.replace(methods=("wasserstein_clip/alternating",)).applies("clip")
    assert dirac.replace(game="gaussians").applies("spread")
    assert not dirac.replace(r1=10.0, objective="hinge", smooth_real=0.9).rests("smooth_real")
    assert not waiting(gan, gan.replace(start_theta=2.0))
    assert [change.key for change in waiting(dirac, dirac.replace(start_theta=2.0))] == ["start_theta"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("r1,minimax/alternating", ("r1", "minimax/alternating")),
        ("r1 minimax/simultaneous r1", ("r1", "minimax")),
        (" hinge/extragradient ", ("hinge/extragradient",)),
    ],
)
def test_lines_are_read_from_a_text_and_written_back(text: str, lines: tuple[str, ...]) -> None:
    made = Experiment(game="dirac").assign([f"methods={text}"])
    assert made.methods == lines
    assert Experiment.from_toml(made.to_toml(), "x") == made
    setting = SETTINGS["methods"]
    assert setting.parsed(setting.text(lines)) == lines and "," not in setting.text(lines)
    (change,) = changes(Experiment(game="dirac"), made)
    assert change.key == "methods" and change.live and change.new == lines


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ('methods = ["r1", "minmax"]', "methods = minmax"),
        ('methods = ["r1/both"]', "methods = r1/both"),
        ("methods = []", "methods = (nothing)"),
        ("methods = [3]", "methods = 3"),
        ("methods = 3", "methods = 3"),
    ],
)
def test_unknown_lines_are_refused_with_what_is_accepted(text: str, given: str) -> None:
    with pytest.raises(ExperimentError) as refusal:
        Experiment.from_toml(text, "file")
    line = str(refusal.value)
    assert line.startswith(f"file: {given}: not usable; accepted: METHOD, METHOD/alternating or METHOD/extra")
    assert "minimax" in line and "wgan_gp" in line


def test_settings_of_another_game_contradict_nothing() -> None:
    odd = {"update_order": "extragradient", "d_updates": 5}
    assert Experiment(game="dirac", **odd).d_updates == 5
    with pytest.raises(ExperimentError, match="nobody moves"):
        Experiment(game="dirac").replace(d_updates=0, g_updates=0)
