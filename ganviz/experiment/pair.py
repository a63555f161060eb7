"""The two sets of data of a game that has X and Y, and what is said where they do not fit each other."""

from __future__ import annotations

from pathlib import Path

from ganviz.data import SOURCES, Source
from ganviz.data.derived import DERIVED
from ganviz.experiment.error_lines import ExperimentError
from ganviz.experiment.experiment import Experiment

FITS_ANY = "inverted"
"""The data of Y that can be made of any X."""


class MisfitError(ExperimentError):
    """The samples of X and of Y have different shapes."""


def pair_of(experiment: Experiment, *, anew: bool = False) -> tuple[Source, Source]:
    """The sources of X and of Y; ``anew`` as for :meth:`Experiment.source`. MisfitError where their samples
    have different shapes, ExperimentError where a file of the user's cannot be used."""
    x, y = experiment.source(anew=anew), source_of(experiment, "y", anew=anew)
    if (x.dim, x.image_shape) != (y.dim, y.image_shape):
        raise _misfit(experiment, f"{shape_of(y)} ({name_of(experiment.of_y())})")
    return x, y


def misfit(experiment: Experiment) -> str:
    """Why X and Y do not fit each other, in one line; nothing where they do, where there is only X, or where
    one of them cannot be read."""
    try:
        if experiment.has_pair:
            pair_of(experiment)
    except MisfitError as error:
        return str(error)
    except ExperimentError:
        pass
    return ""


def source_of(experiment: Experiment, side: str, *, anew: bool = False) -> Source:
    """The source of one side, "x" or "y"; raises as :func:`pair_of`."""
    if side == "x":
        return experiment.source(anew=anew)
    if experiment.data_y not in DERIVED:
        return experiment.of_y().source(anew=anew)
    made = DERIVED[experiment.data_y]
    try:
        return made.make(experiment.source(), experiment.turn)
    except ValueError:
        raise _misfit(experiment, made.title) from None


def _misfit(experiment: Experiment, found: str) -> MisfitError:
    shape = shape_of(experiment.source())
    return MisfitError(
        f"data_y: {found}, but X has {shape} ({name_of(experiment)}); "
        f"accepted: {shape}, or {DERIVED[FITS_ANY].title}"
    )


def shape_of(source: Source) -> str:
    """What a sample is, in words."""
    if source.image_shape:
        channels, height, width = source.image_shape
        return f"images of {height} × {width} in {'colour' if channels == 3 else 'grey'}"
    return f"points of {source.dim} coordinate{'s' if source.dim > 1 else ''}"


def name_of(experiment: Experiment) -> str:
    """What the screen calls the data of X: of a file its name."""
    path = experiment.data_path.replace("\\", "/").rstrip("/")
    return (experiment.data == "file" and Path(path).name) or SOURCES[experiment.data].title
