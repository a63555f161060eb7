"""One piece of work beside the window: a file that is read, a picture that is made of it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from ganviz.data.files.contents import ReadingCancelledError, Tell
from ganviz.line import one_line
from ganviz.live.worker import leave

NOTICED = 0.01
"""The least progress that is told of: a signal for each of 60,000 images would keep the window busy."""


class Errand(QThread):
    """Runs ``work(tell)`` once. ``tell`` takes the share done, 0 to 1, and raises
    :class:`ReadingCancelledError` when the work is no longer wanted: it is to be called often.

    ``done`` carries what came of it, ``refused`` the line of a ValueError (what the user can mend),
    ``failed`` the traceback of a fault of ours; one of the three, unless it was stopped.
    """

    progressed = Signal(float)
    done = Signal(object)
    refused = Signal(str)
    failed = Signal(str)

    def __init__(self, work: Callable[[Tell], Any], parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("errand")
        self._work, self._told = work, 0.0

    def tell(self, share: float) -> None:
        """Called by the work, in this thread."""
        if self.isInterruptionRequested():
            raise ReadingCancelledError
        if share >= self._told + NOTICED:
            self._told = share
            self.progressed.emit(share)

    def close(self) -> None:
        """The window closes, and waits a moment for the work to end."""
        leave(self)

    def drop(self) -> None:
        """The work is no longer wanted; it ends by itself, while the window goes on."""
        leave(self, 0.0)

    def run(self) -> None:
        try:
            found = self._work(self.tell)
        except ReadingCancelledError:
            return
        except ValueError as error:
            self.refused.emit(one_line(str(error)))
        except Exception:
            self.failed.emit(traceback.format_exc())
        else:
            if not self.isInterruptionRequested():
                self.done.emit(found)
