"""Which sample was chosen in one panel, for all panels; and samples that are dragged from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QWidget

MIME = "application/x-ganviz-sample"
DRAGGED = 56
"""Size of the picture under the hand, in pixels."""


@dataclass(frozen=True)
class Picks:
    """Numbers of fixed latents: the ``sample`` chosen last, and the one chosen ``before`` it."""

    sample: int | None = None
    before: int | None = None

    def then(self, number: int) -> Picks:
        """After another choice; the same one again changes nothing."""
        return self if number == self.sample else Picks(number, self.sample)


def mime_of(number: int) -> QMimeData:
    """What is carried when a sample is dragged."""
    data = QMimeData()
    data.setData(MIME, str(number).encode())
    return data


def drag(source: QWidget, number: int, image: QImage) -> None:
    """Drag a sample from here, until it is dropped or let go."""
    dragged = QDrag(source)
    dragged.setMimeData(mime_of(number))
    dragged.setPixmap(QPixmap.fromImage(image.scaled(DRAGGED, DRAGGED, Qt.AspectRatioMode.KeepAspectRatio)))
    dragged.setHotSpot(QPoint(DRAGGED // 2, DRAGGED // 2))
    dragged.exec(Qt.DropAction.CopyAction)


def dropped(event: QDropEvent) -> int | None:
    """The number of the sample that is dragged here; None where something else is."""
    text = bytes(event.mimeData().data(MIME).data()).decode("ascii", "replace")
    return int(text) if text.isdecimal() else None
