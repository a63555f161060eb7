"""The cases of the theory bench about the Dirac-GAN, T08 to T12: its own game, played by its trainer.

What is compared is what a run records: the paths of the preset's lines from (1, 1) with h = 0.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.bench.theory_check import Check, between, equal, equal_relative
from ganviz.experiment import Experiment
from ganviz.experiment.portrait import method_and_order
from ganviz.theory import dirac, dirac_methods
from ganviz.training.trainer import Trainer

FloatArray = npt.NDArray[np.float64]
MESCHEDER = "Mescheder 2018"
ALTERNATING = "/alternating"


def _played(*lines: str, steps: int = 500, **settings: Any) -> dict[str, FloatArray]:
    """What a run of the preset with these lines records: by line the points (steps + 1, 2)."""
    trainer = Trainer(Experiment.preset("dirac").replace(methods=lines, steps=steps, **settings))
    trainer.step(steps)
    trainer.flush()
    paths = trainer.history.paths
    return {line: np.column_stack([paths[line].column(name) for name in ("theta", "psi")]) for line in lines}


def _radii(path: FloatArray) -> FloatArray:
    return np.hypot(path[:, 0], path[:, 1])


def _eigenvalues(line: str, of_step: bool, **settings: Any) -> npt.NDArray[np.complex128]:
    """Both eigenvalues at the rest point, under the preset's settings: of the field, or of one step."""
    method, order = method_and_order(line)
    experiment = Experiment.preset("dirac").replace(methods=(line,), **settings)
    given: dict[str, Any] = dict(dirac.parameters_of(method, experiment.model_dump()))
    if of_step:
        given |= {"step_size": experiment.step_size, "order": order}
    return dirac.eigenvalues(method, **given)


def t08() -> Iterator[Check]:
    """Eigenvalues of the Dirac-GAN's Jacobian at the rest point."""
    rows: dict[str, tuple[str, dict[str, Any], list[complex]]] = {
        "GAN": ("minimax", {}, [0.5j, -0.5j]),
        "non-saturating": ("non_saturating", {}, [0.5j, -0.5j]),
        "WGAN": ("wasserstein", {}, [1j, -1j]),
        "R1, gamma .3": ("r1", {"gamma": 0.3}, [-0.15 + 0.476970j, -0.15 - 0.476970j]),
        "R1, gamma 1": ("r1", {"gamma": 1.0}, [-0.5, -0.5]),
        "R1, gamma 2": ("r1", {"gamma": 2.0}, [-0.133975, -1.866025]),
    }
    for title, (line, settings, expected) in rows.items():
        got = _eigenvalues(line, of_step=False, **settings)
        yield equal("T08", f"Dirac eigenvalues, {title}", MESCHEDER, expected=expected, got=got, within=1e-4)


def t09() -> Iterator[Check]:
    """The GAN with simultaneous steps spirals out; 500 steps, as in T10 and T11."""
    path = _played("minimax")["minimax"]
    radius = _radii(path)
    yield equal(
        "T09", "Dirac GAN, simultaneous: r₅₀₀", MESCHEDER, expected=3.09695, got=radius[-1], within=1e-4
    )
    end = [-2.16161, -2.21778]
    yield equal("T09", "end point (theta, psi)", MESCHEDER, expected=end, got=path[-1], within=1e-4)
    yield between("T09", "growth of r in each step", MESCHEDER, got=np.diff(radius), low=1e-12)


def t10() -> Iterator[Check]:
    """The GAN with alternating steps circles."""
    line = f"minimax{ALTERNATING}"
    radius = _radii(_played(line)[line])
    yield between(
        "T10", "Dirac GAN, alternating: r, last 200", MESCHEDER, got=radius[-200:], low=1.34, high=1.43
    )
    yield equal("T10", "r₅₀₀", MESCHEDER, expected=1.42102, got=radius[-1], within=1e-4)
    got = np.abs(_eigenvalues(line, of_step=True))
    yield equal("T10", "|λ| of a step", MESCHEDER, expected=[1.0, 1.0], got=got, within=1e-6)


def t11() -> Iterator[Check]:
    """R1 with gamma = 0.3 converges with both kinds of steps."""
    right = {
        "simultaneous": ("r1", 2.643e-6, 0.974679),
        "alternating": (f"r1{ALTERNATING}", 2.301e-7, 0.969536),
    }
    paths = _played(*(line for line, _, _ in right.values()), gamma=0.3)
    for order, (line, radius, modulus) in right.items():
        end = _radii(paths[line])[-1]
        what = f"Dirac R1 .3, {order}: r₅₀₀"
        yield equal_relative("T11", what, MESCHEDER, expected=radius, got=end, within=0.01)
        got = np.abs(_eigenvalues(line, of_step=True, gamma=0.3))
        what = f"|λ| of a step, {order}"
        yield equal("T11", what, MESCHEDER, expected=[modulus] * 2, got=got, within=1e-6)


def t12() -> Iterator[Check]:
    """Clipped WGAN and WGAN-GP do not converge: after 2,000 steps they are still on their way round."""
    least = {"wasserstein_clip": 0.9, "wgan_gp": 1.1}
    orders = {"simultaneous": "", "alternating": ALTERNATING}
    paths = _played(*(method + order for method in least for order in orders.values()), steps=2_000)
    for method, low in least.items():
        title = dirac_methods.METHODS[method].title
        for name, order in orders.items():
            what = f"Dirac {title}, {name}: r, last 400"
            yield between("T12", what, MESCHEDER, got=_radii(paths[method + order])[-400:], low=low)
