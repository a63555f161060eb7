"""The numbers that the verdict rests on, all of one look, or with the step of the record they are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.record.run import Run
from ganviz.theory.objective import Objective, sigmoid

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Numbers:
    """NaN where a number does not apply. Places and widths are in data units.

    ``d_real``, ``d_fake``, ``spread``, ``right``: D's means, its standard deviation over both together, and
    the share that it puts on the right side of ``middle``, which it says where it cannot tell: 1/2, or what
    smoothed labels make of it. ``score_gap``, ``score_spread``: the same of the bare
    output. ``ratio``: the generator's gradient norm under -log D over that under log(1-D); ``g_push``: the
    norm under the running objective over the largest one recorded. ``fake_width``, ``first_width``: median
    distance from the median point, over the same of the reals, of the fakes and of those that G's first
    weights made. ``moved``: median way of a fake since then. ``fake_radius``, ``real_reach``: median distance
    of the fakes, largest of the reals, from the reals' mean. ``divergence_step``,
    ``gradient_step``: the step of what comes from the record, None where it is of the same look as the rest.
    """

    g_count: int
    d_real: float = np.nan
    d_fake: float = np.nan
    spread: float = np.nan
    right: float = np.nan
    middle: float = 0.5
    score_gap: float = np.nan
    score_spread: float = np.nan
    jsd: float = np.nan
    modes: float = np.nan
    all_modes: int = 0
    high_quality: float = np.nan
    ratio: float = np.nan
    g_push: float = np.nan
    fake_width: float = np.nan
    first_width: float = np.nan
    moved: float = np.nan
    fake_radius: float = np.nan
    real_reach: float = np.nan
    divergence_step: int | None = None
    gradient_step: int | None = None


def measure(run: Run) -> Numbers:
    """The numbers of a run's latest look; where a probe was not looked at, from the newest record."""
    looked, record = run.frame.together, run.history.measured
    rules = run.experiment.rules()
    values: dict[str, Any] = {"middle": rules.equilibrium_d} if rules.is_probability else {}
    seen = looked.get("samples")
    if seen:
        values |= _of_samples(seen.values, rules)
    else:
        last = run.history.steps.last
        values |= {name: last(name) for name in ("d_real", "d_fake")}
        values["score_gap"] = float(last("output_real")) - float(last("output_fake"))
    found, felt = looked.get("divergence"), looked.get("gradients")
    for name in ("jsd", "modes", "high_quality"):
        values[name] = float(found[name]) if found else record.last(name)
    values |= _of_gradients(
        felt["g_grad"] if felt else record.last("g_grad"),
        felt["minimax"] if felt else record.last("g_grad_minimax"),
        felt["non_saturating"] if felt else record.last("g_grad_non_saturating"),
        record.column("g_grad"),
    )
    at = float(seen.step if seen else run.frame.step)
    if record.rows and record.last("step") != at:
        if not found and np.isfinite(values["jsd"]):
            values["divergence_step"] = int(record.last("step"))
        if not felt:
            values["gradient_step"] = int(record.last("step"))
    return Numbers(g_count=run.frame.g_count, all_modes=_all_modes(run), **values)


@np.errstate(invalid="ignore", over="ignore")  # of a run that has just diverged: NaN says enough
def _of_samples(seen: Mapping[str, FloatArray], rules: Objective) -> dict[str, float]:
    real, fake = np.asarray(seen["output_real"]), np.asarray(seen["output_fake"])
    both = np.concatenate([real, fake])
    centre = seen["real"].mean(axis=0)
    unit = max(_width(seen["real"]), 1e-12)
    values = {
        "score_gap": float(real.mean() - fake.mean()),
        "score_spread": float(both.std()),
        "fake_width": _width(seen["fake"]) / unit,
        "first_width": _width(seen["first_fake"]) / unit,
        "moved": float(np.median(np.linalg.norm(seen["fake"] - seen["first_fake"], axis=1))),
        "fake_radius": float(np.median(np.linalg.norm(seen["fake"] - centre, axis=1))),
        "real_reach": float(np.max(np.linalg.norm(seen["real"] - centre, axis=1))),
    }
    if rules.is_probability:
        values |= {"d_real": float(sigmoid(real).mean()), "d_fake": float(sigmoid(fake).mean())}
        values["spread"] = float(sigmoid(both).std())
        middle = rules.equilibrium_output
        values["right"] = float(np.concatenate([real > middle, fake < middle]).mean())
    return values


def _of_gradients(
    running: float, minimax: float, non_saturating: float, recorded: FloatArray
) -> dict[str, float]:
    largest = float(np.nanmax(recorded, initial=0.0)) if len(recorded) else 0.0
    values = {"g_push": running / largest} if largest > 0 else {}
    if minimax > 0:
        values["ratio"] = non_saturating / minimax
    elif non_saturating > 0:
        values["ratio"] = float("inf")
    return values


def _all_modes(run: Run) -> int:
    """How many Gaussians the data have, 0 where they are none."""
    chosen = run.experiment
    return {"ring": chosen.modes, "mixture_1d": chosen.modes, "grid": chosen.side**2}.get(chosen.data, 0)


def _width(samples: FloatArray) -> float:
    """The median distance of samples (n, dim) from their median point: blind to a few stray ones."""
    return float(np.median(np.linalg.norm(samples - np.median(samples, axis=0), axis=1)))
