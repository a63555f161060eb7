"""The look: every colour by its meaning, light and dark, and the scale of type. Nothing else in the window
names a colour."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True)
class Theme:
    """One meaning a colour. Objectives keep their colour in buttons, curves, arrows, flags and the
    timeline."""

    name: str
    real: str
    fake: str
    d: str
    g: str
    g_text: str
    minimax: str
    non_saturating: str
    other: str
    ref: str
    heat_low: str
    heat_high: str
    tint_minimax: str
    tint_non_saturating: str
    tint_other: str
    ink: str
    text: str
    mute: str
    window: str
    bar: str
    panel: str
    border: str
    hair: str
    axis: str
    grid: str
    control: str
    control_border: str
    pressed: str
    focus: str
    warning: str
    warning_tint: str

    def objective(self, id: str) -> str:
        """The colour of an objective by its id."""
        return {"minimax": self.minimax, "non_saturating": self.non_saturating}.get(id, self.other)

    def tint(self, id: str) -> str:
        """The background of an objective's active button."""
        tints = {"minimax": self.tint_minimax, "non_saturating": self.tint_non_saturating}
        return tints.get(id, self.tint_other)


LIGHT = Theme(
    name="light", real="#0079C1", fake="#BF3F00", d="#15191E", g="#B58900", g_text="#8A6600",
    minimax="#6A1B74", non_saturating="#00845F", other="#5B6B7B", ref="#7A8490",
    heat_low="#CBD0D7", heat_high="#FFFFFF",
    tint_minimax="#F4E9F5", tint_non_saturating="#F3FBF8", tint_other="#EEF1F4",
    ink="#15191E", text="#2A3038", mute="#596370", window="#ECEEF1", bar="#F8F9FA", panel="#FFFFFF",
    border="#CDD2D9", hair="#E3E6EB", axis="#8A939E", grid="#EAEDF0",
    control="#FFFFFF", control_border="#B9C0C9", pressed="#E5E8EC", focus="#0B62C4",
    warning="#B3261E", warning_tint="#FCEDEA",
)  # fmt: skip
DARK = Theme(
    name="dark", real="#86CDF7", fake="#F0701F", d="#F2F4F6", g="#F5D56E", g_text="#F5D56E",
    minimax="#C264D6", non_saturating="#27AE84", other="#9FB0C1", ref="#929CA8",
    heat_low="#14171A", heat_high="#4A525C",
    tint_minimax="#2C1B31", tint_non_saturating="#12302A", tint_other="#252B32",
    ink="#F2F4F6", text="#DDE1E6", mute="#A6AFBA", window="#101215", bar="#1A1D21", panel="#1D2126",
    border="#3A414A", hair="#2B3138", axis="#7C8692", grid="#2A2F36",
    control="#262B31", control_border="#4B535D", pressed="#343A42", focus="#6FB3FF",
    warning="#FFB4A8", warning_tint="#3A1F1B",
)  # fmt: skip

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def palette(theme: Theme) -> QPalette:
    """The Fusion palette of a theme, for everything that has no style of its own."""
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.control,
        QPalette.ColorRole.AlternateBase: theme.bar,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.control,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.warning,
        QPalette.ColorRole.Highlight: theme.focus,
        QPalette.ColorRole.HighlightedText: theme.panel,
        QPalette.ColorRole.ToolTipBase: theme.panel,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.mute,
        QPalette.ColorRole.Link: theme.focus,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Light: theme.panel,
        QPalette.ColorRole.Dark: theme.border,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.ref))
    return made
