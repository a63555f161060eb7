"""Run by ``ganviz doctor`` in a process of its own, because Qt aborts where it finds no display: loads what
the window is made of, then opens a display. One line of JSON after each.
"""

from __future__ import annotations

import json

SIGNS = "σ∇∞→−ε"
"""Characters that the panels write; a font that lacks them shows boxes."""


def main() -> None:
    """Print what was loaded, then what the display, the fonts and the stored settings are like."""
    from PySide6.QtCore import QSettings, qVersion
    from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication, QTextLayout
    from PySide6.QtSvg import QSvgRenderer  # noqa: F401
    from PySide6.QtWidgets import QApplication

    import pyqtgraph  # isort: skip  # noqa: F401  (after Qt, whose own error says more)
    import qtawesome  # isort: skip  # noqa: F401
    import superqt  # isort: skip  # noqa: F401

    print(json.dumps({"qt": qVersion()}), flush=True)
    app = QApplication([])
    screen = QGuiApplication.primaryScreen()
    size = screen.availableGeometry().size() if screen else None
    layout = QTextLayout(SIGNS, QFont())
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    glyphs = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
    settings = QSettings("ganviz", "ganviz")
    seen = {
        "platform": app.platformName(),
        "width": size.width() if size else 0,
        "height": size.height() if size else 0,
        # Where no font is installed Qt lists three families all the same, and writes one box for every sign.
        "fonts": len(QFontDatabase.families()) if QFontInfo(QFont()).family() else 0,
        "signs": 0 not in glyphs and len(set(glyphs)) == len(SIGNS),
        "settings": settings.fileName(),
        "writable": settings.isWritable(),
    }
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
