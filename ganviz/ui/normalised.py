"""Why an exception in one of Qt's virtual methods does not end the process on Python 3.11. Loads no Qt."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class InsideHandler(Exception):  # noqa: N818
    """Not a fault: on Python 3.11 the window runs inside the handler of this exception."""


def normalised(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorates what opens a window: whatever is raised within is a whole exception from the start.

    Before Python 3.12 an error that C raises (``int("x")``, a Qt object already deleted) is at first only a
    class and a text; the exception is made of them ("normalised") when some ``except`` looks at it. Where it
    leaves an override of Qt's (``paintEvent``, ``event``, ...) that Python has called through Qt
    (``super().paintEvent``, ``repaint``, ``close``), shiboken reads ``args`` of that text: a segmentation
    fault instead of a traceback. While another exception is being handled, though, Python 3.11 makes the
    exception at once, because it has to note the other one as its context. So the window runs inside a
    handler: that holds for every override, pyqtgraph's too, and costs nothing where nothing is raised.
    """
    if sys.version_info >= (3, 12):
        return function

    @functools.wraps(function)
    def inside(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            raise InsideHandler
        except InsideHandler as handled:
            handled.__traceback__ = None
            try:
                return function(*args, **kwargs)
            except BaseException as error:
                forget_handler(error)
                raise

    return inside


def forget_handler(error: BaseException) -> None:
    """Take the handler out of what an exception tells of the time before it: nothing had happened."""
    first = error
    while first.__context__ is not None and not isinstance(first.__context__, InsideHandler):
        first = first.__context__
    first.__context__ = None
