"""The verdict bar: one sentence made from measured numbers, messages for a moment, and the state of the
machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent

from ganviz.ui.bar import Bar
from ganviz.ui.style import font

HEIGHT = 40
HOLD_SECONDS = 2.0
MESSAGE_MS = 8000
SIZES = (16.0, 14.5, 13.0, 12.5)
"""Pixels of type: the largest in which the sentence fits."""
AT_ONCE = frozenset({"waiting", "diverged"})
"""States that never wait for another one to have been read."""


@dataclass(frozen=True)
class Sentence:
    """A verdict as it is shown: its state, the bold beginning, the rest."""

    state: str = ""
    headline: str = ""
    text: str = ""


STARTING = Sentence("starting", "Starting:", "torch is being loaded, and the networks are made.")


class Held:
    """Keeps a state on show for two seconds, so that a class can read it; numbers inside a state change at
    once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = float("-inf")
        self.shown = STARTING

    def offer(self, sentence: Sentence, at_once: bool = False) -> Sentence:
        """Show this sentence unless another state has not yet had its time; returns what is shown."""
        now = self._clock()
        if sentence.state == self.shown.state:
            self.shown = sentence
        elif at_once or sentence.state in AT_ONCE or now - self._since >= HOLD_SECONDS:
            self.shown, self._since = sentence, now
        return self.shown


class VerdictBar(Bar):
    """Left: a 6 px edge in the colour of the running loss, then the sentence. Right: device, speeds, time."""

    def __init__(self) -> None:
        super().__init__(HEIGHT)
        self.setObjectName("verdict")
        self._held = Held()
        self._status: tuple[str, ...] = ()
        self._objective = "minimax"
        self._message, self._is_news = "", False
        self._measured: tuple[object, ...] = ()
        self._widest = 0
        self._message_time = QTimer(self)
        self._message_time.setSingleShot(True)
        self._message_time.setInterval(MESSAGE_MS)
        self._message_time.timeout.connect(self.end_message)

    @property
    def text(self) -> str:
        """What the left side says now."""
        shown = self._held.shown
        return self._message or f"{shown.headline} {shown.text}".strip()

    def show_verdict(
        self, state: str, headline: str, text: str, objective: str, at_once: bool = False
    ) -> None:
        """Offer a verdict; it is shown when the one before has been up for two seconds, or at once."""
        before = (self.text, self._objective)
        self._held.offer(Sentence(state, headline, text), at_once)
        self._objective = objective
        if (self.text, objective) != before:
            self._show_text()

    def show_message(self, message: str) -> None:
        """Say what cannot be, for a few seconds and in the warning colour: a refused value, a broken file."""
        self._say(message, is_news=False)

    def show_news(self, message: str) -> None:
        """Say what has been done, for a few seconds: a written file, a kept run."""
        self._say(message, is_news=True)

    def _say(self, message: str, is_news: bool) -> None:
        self._message, self._is_news = message, is_news
        self._message_time.start()
        self._show_text()

    @property
    def is_saying(self) -> bool:
        """Whether a message stands in the verdict's place."""
        return bool(self._message)

    def end_message(self) -> None:
        """Back to the verdict."""
        self._message = ""
        self._message_time.stop()
        self._show_text()

    def _show_text(self) -> None:
        self.setAccessibleName(self.text)
        self._say_all()
        self.update()

    def _say_all(self) -> None:
        """The tooltip, with what may have no room in the bar."""
        self.setToolTip("\n".join(filter(None, (self.text, " | ".join(self._status)))))

    def show_status(self, *parts: str) -> None:
        """Device, steps a second, frames a second, time."""
        if parts != self._status:
            self._status = parts
            self._say_all()
            self.update()

    @property
    def status_in_sight(self) -> tuple[str, ...]:
        """The parts of the status that are drawn: what never changes gives way to the sentence, then what is
        not the time."""
        parts, scale = self._status, self._scale
        sentence = self._width(SIZES[-1]) + 66 * scale
        metrics = QFontMetrics(font(12.5, scale))
        while len(parts) > 1:
            status = sum(metrics.horizontalAdvance(part) + 18 * scale for part in parts)
            if sentence + status <= self.width():
                break
            parts = parts[1:]
        return parts

    def _sentence(self) -> tuple[str, str]:
        """Bold words and plain ones."""
        shown = self._held.shown
        return ("", self._message) if self._message else (shown.headline, shown.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Edge, sentence, status."""
        super().paintEvent(event)
        painter, theme, scale = QPainter(self), self._theme, self._scale
        painter.fillRect(0, 0, round(6 * scale), self.height(), QColor(theme.objective(self._objective)))
        right = self._draw_status(painter)
        x, room = round(20 * scale), right - round(40 * scale)
        headline, rest = self._sentence()
        is_warning = bool(self._message) and not self._is_news
        painter.setPen(QColor(theme.warning if is_warning else theme.ink))
        for words, made in zip((headline, rest), self._fit(room - x), strict=True):
            painter.setFont(made)
            metrics = QFontMetrics(made)
            left = max(room - x + round(12 * scale), 0)
            short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, left)
            painter.drawText(QRect(x, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, short)
            x += metrics.horizontalAdvance(short) + (round(6 * scale) if short else 0)

    def _fit(self, room: int) -> tuple[QFont, QFont]:
        """Bold and plain in the largest size in which both fit into one line, else in the smallest."""
        return self._fonts(next((px for px in SIZES if self._width(px) <= room), SIZES[-1]))

    def _fonts(self, px: float) -> tuple[QFont, QFont]:
        return font(px, self._scale, QFont.Weight.Bold), font(px, self._scale, QFont.Weight.Normal)

    def _width(self, px: float) -> float:
        """Pixels that the sentence takes in type of this size.

        It is measured once, in the largest size, from which the others follow: for a script that no font in
        use has, Qt opens every font of the system, and again for each size.
        """
        fonts = self._fonts(SIZES[0])
        asked = (*self._sentence(), fonts[0].pixelSize())
        if asked != self._measured:
            words = zip(fonts, self._sentence(), strict=True)
            self._widest = sum(QFontMetrics(made).horizontalAdvance(text) for made, text in words)
            self._measured = asked
        return self._widest * self._fonts(px)[0].pixelSize() / fonts[0].pixelSize()

    def _draw_status(self, painter: QPainter) -> int:
        """The parts from right to left with hair lines between; returns where they begin."""
        theme, scale = self._theme, self._scale
        painter.setFont(font(12.5, scale))
        x = self.width() - round(14 * scale)
        for part in reversed(self.status_in_sight):
            width = painter.fontMetrics().horizontalAdvance(part)
            painter.setPen(QColor(theme.mute))
            painter.drawText(
                QRect(x - width, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, part
            )
            x -= width + round(9 * scale)
            painter.setPen(QColor(theme.border))
            painter.drawLine(x, round(11 * scale), x, self.height() - round(11 * scale))
            x -= round(9 * scale)
        return x
