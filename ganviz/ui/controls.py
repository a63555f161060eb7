"""Every control of the window as data: its name, its words, its keys, its menu.

Menus, buttons, shortcuts, tooltips, the table of keys and ``ganviz list controls`` are made from this table,
and a test holds it against the real window. Nothing here loads Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from ganviz.experiment import SETTINGS, Experiment, Setting, presets
from ganviz.experiment.cyclegan import ABLATIONS
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.layouts import LAYOUTS
from ganviz.ui.panels.catalogue import PANELS

Kind = Literal["action", "toggle", "choice", "field", "slider", "menu", "table", "panel", "button", "canvas"]


@dataclass(frozen=True)
class Control:
    """One control: ``name`` is its Qt object name, ``keys`` its shortcuts, ``words`` its help or what finds
    it.
    """

    name: str
    kind: Kind
    title: str
    words: str | Callable[[], str]
    keys: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        """One sentence for a person."""
        return self.words if isinstance(self.words, str) else self.words()

    @property
    def shortcut(self) -> str:
        """Its keys in one text, as Qt writes them in English; empty where it has none."""
        return ", ".join(self.keys)


def _action(name: str, title: str, help: str, *keys: str, kind: Kind = "action") -> Control:
    return Control(f"action.{name}", kind, title, help, keys)


ACTIONS: tuple[Control, ...] = (
    _action(
        "open", "Open…", "Opens an experiment (TOML), or a run by its experiment.toml; dropping does, too.",
        "Ctrl+O",
    ),
    _action(
        "open_data", "Open data…", "Own data: a file or folder, looked at before it is used.", "Ctrl+Shift+O"
    ),
    _action("draw", "Draw data…", "A canvas: what is drawn there becomes the data.", "Ctrl+D"),
    _action("save", "Save", "Writes the chosen settings to the experiment's file.", "Ctrl+S"),
    _action("save_as", "Save as…", "Writes the chosen settings to a new file.", "Ctrl+Shift+S"),
    _action("keep_before", "Keep the run before…", "A long run that a reset ended and that no folder holds."),
    _action("keep", "Keep this run…", "Writes the run (curves, weights, picture) into a folder.", "Ctrl+E"),
    _action("quit", "Quit", "Ends the program.", "Ctrl+Q"),
    _action("undo", "Undo", "Takes back the last change of a setting; weights stay as they are.", "Ctrl+Z"),
    _action("redo", "Redo", "Makes the change again that was taken back.", "Ctrl+Shift+Z", "Ctrl+Y"),
    _action("copy_window", "Copy window picture", "Puts a picture on the clipboard.", "Ctrl+Shift+C"),
    _action("rail", "Settings", "Shows or hides the settings at the left.", "Ctrl+B", kind="toggle"),
    _action("theme", "Dark colours", "Changes between light and dark.", "T", kind="toggle"),
    _action("full_screen", "Full screen", "The window takes the whole screen.", "F11", kind="toggle"),
    _action("text_larger", "Larger text", "Makes text and lines larger by a tenth.", "Ctrl++", "Ctrl+="),
    _action("text_smaller", "Smaller text", "Makes text and lines smaller by a tenth.", "Ctrl+-"),
    _action("text_normal", "Normal text", "Sets text and lines to their normal size.", "Ctrl+0"),
    _action("all_panels", "Back to all panels", "Leaves the full view of one panel.", "Esc"),
    _action("reset_layout", "Reset layout", "This layout's panels as shipped, in their first places."),
    _action("train", "Train", "Trains until paused; pauses a running training.", "Space"),
    _action("step", "Step", "One whole step: D's updates, then G's.", "Right", "."),
    _action("step_d", "Step D", "One update of the discriminator alone, in a CycleGAN of both.", "D"),
    _action("step_g", "Step G", "One update of the generator alone, in a CycleGAN of G and F.", "G"),
    _action("reset", "Reset, same seed", "Starts again from the same weights; every setting stays.", "R"),
    _action("new_seed", "New seed", "Draws a seed and starts again from it.", "Shift+R"),
    _action("slower", "Slower", "Fewer steps a second.", "["),
    _action("faster", "Faster", "More steps a second.", "]"),
    _action("flip", "Flip minimax and non-saturating", "Changes between losses 1 and 2; weights stay.", "N"),
    _action("more_losses", "More losses…", "Opens the losses that are not in the bar.", "M"),
    _action("restore", "Back to the last good step", "After a divergence: last finite state, same settings."),
    _action("keys", "Keys", "Lists every key.", "F1"),
    _action("what_is_this", "What is this?", "Then click on anything to read what it does.", "Shift+F1"),
    _action("about", "About ganviz", "Version, licence, and where the log is."),
)  # fmt: skip

TERM_HELP = {
    "gan": "G and F descend their adversarial losses alone: marginals match, pairs are left to chance.",
    "cycle": "The cycle loss joins in, with its weight: F has to undo G, and G to undo F.",
    "identity": "The identity loss joins in, too: a map leaves what is of its target already.",
}
OBJECTIVE_CONTROLS = tuple(
    Control(f"objective.{row.id}", "choice", row.name, row.sentence, () if row.more else (str(number),))
    for number, row in enumerate(OBJECTIVES.values(), start=1)
)
TERM_CONTROLS = tuple(
    Control(f"ablation.{id}", "choice", title, TERM_HELP[id], (str(number),))
    for number, (id, title) in enumerate(ABLATIONS.items(), start=7)
)
"""Which terms of a CycleGAN act; the keys before theirs choose losses."""
LAYOUT_CONTROLS = tuple(
    Control(f"layout.{name}", "choice", row.title, row.help, (row.key,)) for name, row in LAYOUTS.items()
)
PANEL_CONTROLS = tuple(
    Control(f"panel.{key}", "panel", info.title, info.help) for key, info in PANELS.items()
)
SHOW_CONTROLS = tuple(
    Control(f"show.{key}", "toggle", info.title, f"Shows or hides the panel {info.title} in this layout.")
    for key, info in PANELS.items()
)


def _preset_help(name: str) -> str:
    return f"{Experiment.preset(name).description} Starts anew."


PRESET_CONTROLS = tuple(
    Control(f"preset.{name}", "action", name, partial(_preset_help, name)) for name in presets()
)
"""Their help stands in the presets' files, which are read when it is asked for."""

NOT_IN_FORM = frozenset({"objective", "methods", "drawing", "drawing_y", "ablation"})
"""Settings with a control of their own outside the form."""


def setting_help(setting: Setting) -> str:
    """The words of a setting's tooltip: what it does, symbol, range, when a change takes effect."""
    symbol = f" Symbol {setting.symbol}." if setting.symbol else ""
    unit = f" {setting.unit}" if setting.unit and not setting.choices else ""
    when = "Acts on the next step." if setting.live else "Takes effect at the next reset."
    if setting.group == "experiment":
        when = "Changes nothing in the run."
    return f"{setting.help}{symbol} Accepted: {setting.accepted}{unit}. {when}"


SETTING_CONTROLS = tuple(
    Control(f"setting.{key}", "menu" if setting.choices else "field", setting.title, setting_help(setting))
    for key, setting in SETTINGS.items()
    if key not in NOT_IN_FORM
)
SLIDERS = tuple(
    key
    for key, setting in SETTINGS.items()
    if setting.group == "game" and setting.live and setting.kind is float and key not in NOT_IN_FORM
)
"""Settings that have a slider beside their field: the picture follows while it is dragged."""
SLIDER_CONTROLS = tuple(
    Control(f"slider.{key}", "slider", f"{SETTINGS[key].title}: slider", setting_help(SETTINGS[key]))
    for key in SLIDERS
)
OTHER_CONTROLS = (
    Control("lines", "table", SETTINGS["methods"].title, setting_help(SETTINGS["methods"])),
    Control(
        "speed",
        "slider",
        "Speed",
        "Steps a second, from slow motion (1 a second) to as fast as this machine can.",
    ),
    Control("seed", "field", "Seed", setting_help(SETTINGS["seed"])),
    Control(
        "preset",
        "menu",
        "Experiment",
        "The shipped experiments. A choice takes all its settings and starts anew.",
    ),
)

DRAW_CONTROLS = (
    Control(
        "draw.canvas",
        "canvas",
        "Canvas",
        "Hold the mouse or Space to spray points; arrow keys move the brush.",
    ),
    Control("draw.x", "button", "Data of X", "Draws X, in a CycleGAN; both are kept until they are used."),
    Control("draw.y", "button", "Data of Y", "Draws Y, in a CycleGAN; both are kept until they are used."),
    Control("draw.brush", "button", "Brush", "Sprays points while it is held. Key B."),
    Control("draw.erase", "button", "Erase", "Rubs out every point under the brush. Key E."),
    Control("draw.size", "slider", "Brush radius", "How wide the brush is. Keys [ and ]."),
    Control("draw.density", "slider", "Density", "Points a second that the brush sprays while it is held."),
    Control("draw.undo", "button", "Undo", "Takes the last stroke back. Ctrl+Z."),
    Control("draw.redo", "button", "Redo", "Makes the stroke again that was taken back. Ctrl+Shift+Z."),
    Control("draw.clear", "button", "Clear", "Takes all points away; Undo brings them back. Key Del."),
    Control("draw.save", "button", "Save…", "Writes the points to a CSV file. Ctrl+S."),
    Control("draw.use", "button", "Use as data", "These points become the data; the run begins anew. Enter."),
    Control(
        "draw.cancel", "button", "Cancel", "Closes the canvas; the experiment keeps the data it has. Esc."
    ),
)
"""What is in the dialog in which data are drawn."""

OPEN_CONTROLS = (
    Control("own.file", "button", "File…", "Asks for a file: a table, packed images, or a picture."),
    Control("own.folder", "button", "Folder…", "Asks for a folder of images; its sub-folders are classes."),
    *(
        Control(f"own.{key}", "menu", SETTINGS[key].title, SETTINGS[key].help)
        for key in ("image_size", "image_colour", "data_scale", "network")
    ),
    Control("own.x", "button", "As X", "In a CycleGAN: these data take the place of X."),
    Control("own.y", "button", "As Y", "In a CycleGAN: these data take the place of Y."),
    Control("own.use", "button", "Use as data", "These become the data; the run begins anew. Enter."),
    Control("own.cancel", "button", "Cancel", "Stops reading; the experiment keeps the data it has. Esc."),
)
"""What is in the dialog in which own data are looked at."""

CONTROLS: tuple[Control, ...] = (
    *ACTIONS,
    *OBJECTIVE_CONTROLS,
    *TERM_CONTROLS,
    *LAYOUT_CONTROLS,
    *SHOW_CONTROLS,
    *PRESET_CONTROLS,
    *SETTING_CONTROLS,
    *SLIDER_CONTROLS,
    *OTHER_CONTROLS,
    *DRAW_CONTROLS,
    *OPEN_CONTROLS,
    *PANEL_CONTROLS,
)
"""Every control of the window, the rows of ``ganviz list controls``."""
_BY_NAME = {row.name: row for row in CONTROLS}


def control(name: str) -> Control:
    """The control of this object name. Raises KeyError where there is none."""
    return _BY_NAME[name]


SEPARATOR = ""
RECENT = "recent"
"""Stands in a menu for the sub-menu of files opened lately."""


def _names(*short: str) -> tuple[str, ...]:
    return tuple(f"action.{name}" if name not in (SEPARATOR, RECENT) else name for name in short)


MENUS: dict[str, tuple[str, ...]] = {
    "&File": _names(
        "open",
        RECENT,
        SEPARATOR,
        "open_data",
        "draw",
        SEPARATOR,
        "save",
        "save_as",
        SEPARATOR,
        "keep",
        "keep_before",
        SEPARATOR,
        "quit",
    ),
    "&Edit": _names("undo", "redo", SEPARATOR, "copy_window"),
    "&View": (
        *(row.name for row in LAYOUT_CONTROLS),
        *_names(SEPARATOR),
        *(row.name for row in SHOW_CONTROLS),
        *_names(
            SEPARATOR, "all_panels", "reset_layout", SEPARATOR, "rail", "theme", "full_screen", SEPARATOR
        ),
        *_names("text_larger", "text_smaller", "text_normal"),
    ),
    "&Run": (
        *_names("train", "step", "step_d", "step_g", SEPARATOR, "reset", "new_seed", "restore", SEPARATOR),
        *_names("slower", "faster", SEPARATOR),
        *(row.name for row in OBJECTIVE_CONTROLS),
        *_names("flip", "more_losses", SEPARATOR),
        *(row.name for row in TERM_CONTROLS),
    ),
    "E&xperiment": tuple(row.name for row in PRESET_CONTROLS),
    "&Help": _names("keys", "what_is_this", SEPARATOR, "about"),
}
"""Menu title to the names of its controls."""


def keys_table() -> list[tuple[str, str, str]]:
    """(keys, title, what they do) of every control that has a key: first what runs the game, in its menu's
    order, then the table's."""
    names = dict.fromkeys((*MENUS["&Run"], *_BY_NAME))
    rows = [_BY_NAME[name] for name in names if name in _BY_NAME]
    return [(row.shortcut, row.title, row.help) for row in rows if row.keys]
