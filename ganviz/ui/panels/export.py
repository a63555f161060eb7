"""What a panel shows, as a file: a picture of it, or the numbers behind it."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QRect, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from ganviz.record.names import replace_file
from ganviz.ui.clipping import only_inside
from ganviz.ui.panels.paper import on_paper
from ganviz.ui.plot import Plot

PICTURE_SCALE = 2.0
SCREEN_DPI = 96
"""QSvgGenerator and QPdfWriter misplace text at any other resolution than the screen's."""


@contextmanager
def _heavier(plot: Plot, times: float) -> Iterator[None]:
    """Draw the curves so many times as wide for a while: their width is counted in pixels, of which a picture
    has more than the screen."""
    curves = [item for item in plot.view.allChildren() if isinstance(item, pg.PlotCurveItem)]
    pens = [item.opts["pen"] for item in curves]
    for item, pen in zip(curves, pens, strict=True):
        wider = QPen(pen)
        wider.setWidthF(pen.widthF() * times)
        item.setPen(wider)
    try:
        yield
    finally:
        for item, pen in zip(curves, pens, strict=True):
            item.setPen(pen)


def picture(widget: QWidget, scale: float = PICTURE_SCALE) -> QImage:
    """The widget without its controls as an image, ``scale`` times as many pixels as on screen."""
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(0xFFFFFFFF)
    with on_paper(widget), ExitStack() as stack:
        for plot in widget.findChildren(Plot):
            stack.enter_context(_heavier(plot, scale))
        widget.render(image)
    return image


def _png(widget: QWidget, buffer: QBuffer) -> None:
    # save exists in both spellings; PySide's stubs want bytes, which 6.10 refuses
    picture(widget).save(buffer, "PNG")  # type: ignore[call-overload]


def _svg(widget: QWidget, buffer: QBuffer) -> None:
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(SCREEN_DPI)
    generator.setSize(widget.size())
    generator.setViewBox(QRect(QPoint(0, 0), widget.size()))
    painter = QPainter(generator)
    with on_paper(widget), ExitStack() as stack:
        for plot in widget.findChildren(Plot):
            # the generator cannot clip curves to their plot
            stack.enter_context(only_inside(plot.view, plot.ranges))
        widget.render(painter, QPoint(0, 0))
    painter.end()


def _pdf(widget: QWidget, buffer: QBuffer) -> None:
    writer = QPdfWriter(buffer)
    writer.setResolution(SCREEN_DPI)
    points = 72.0 / SCREEN_DPI
    writer.setPageSize(
        QPageSize(QSizeF(widget.width() * points, widget.height() * points), QPageSize.Unit.Point)
    )
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    with on_paper(widget):
        widget.render(painter, QPoint(0, 0))
    painter.end()


def _csv(data: Mapping[str, np.ndarray]) -> bytes:
    columns: dict[str, np.ndarray] = {}
    for name, values in data.items():
        array = np.asarray(values)
        if array.ndim <= 1:
            columns[name] = np.atleast_1d(array)
        else:
            flat = array.reshape(len(array), -1)
            columns |= {f"{name}_{index}": flat[:, index] for index in range(flat.shape[1])}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip_longest(*(column.tolist() for column in columns.values()), fillvalue=""):
        writer.writerow("" if isinstance(value, float) and np.isnan(value) else value for value in row)
    return text.getvalue().encode()


def _npz(data: Mapping[str, np.ndarray]) -> bytes:
    held = io.BytesIO()
    arrays = {name: np.asarray(values) for name, values in data.items()}
    np.savez_compressed(held, allow_pickle=False, **arrays)
    return held.getvalue()


PICTURES: dict[str, Callable[[QWidget, QBuffer], None]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}
DATA: dict[str, Callable[[Mapping[str, np.ndarray]], bytes]] = {".csv": _csv, ".npz": _npz}


def _checked(path: Path, accepted: Mapping[str, object]) -> str:
    suffix = path.suffix.lower()
    if suffix not in accepted:
        raise ValueError(
            f"{path.name}: unknown kind of file '{path.suffix}'; accepted: {', '.join(accepted)}"
        )
    return suffix


def save_picture(widget: QWidget, path: Path) -> None:
    """Write the widget, without its controls, as PNG, SVG or PDF, as the name says; ValueError for other
    names, OSError where it cannot be written."""
    draw = PICTURES[_checked(path, PICTURES)]
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    draw(widget, buffer)
    buffer.close()
    write_whole(path, bytes(held.data()))


def save_data(data: Mapping[str, np.ndarray], path: Path) -> None:
    """Write named arrays as CSV (one column each, a number that does not apply empty) or NPZ; raises like
    `save_picture`."""
    write_whole(path, DATA[_checked(path, DATA)](data))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that at no time a half-written one stands under its name."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        replace_file(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
