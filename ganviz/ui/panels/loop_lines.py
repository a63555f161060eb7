"""Algorithm 1 of Goodfellow et al. 2014 in six lines, with the numbers of one batch in them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from ganviz.experiment import Experiment
from ganviz.frame import Measurement
from ganviz.theory.objective import Objective, sigmoid
from ganviz.ui import formatting
from ganviz.ui.panels.loop_boxes import Box
from ganviz.ui.theme import Theme


def six_lines(
    objective: Objective,
    experiment: Experiment,
    *,
    batch: Measurement | None,
    outputs: Mapping[str, npt.NDArray[np.float64]],
    terms: Mapping[str, float],
    theme: Theme,
) -> tuple[Box, ...]:
    """A box a line: ``outputs`` are of D on reals and fakes of ``batch``, ``terms`` both means of L_D."""
    letter = "D" if objective.is_probability else "f"
    d_times, g_times = experiment.d_updates, experiment.g_updates
    d_word = f"update D × {d_times}" if d_times > 1 else "update D" if d_times else "D at rest"
    g_word = f"update G × {g_times}" if g_times > 1 else "update G" if g_times else "G at rest"
    if batch is None:
        numbers = [("–", "")] * 6
    else:
        reading = formatting.reading
        rows = len(outputs["real"])
        shown = [sigmoid(v) if letter == "D" else v for v in outputs.values()]
        real, fake, both = (reading(value) for value in (*terms.values(), float(batch["d_loss"])))
        d_norm, g_norm = (f"‖∇‖ {reading(float(batch[name]))}" for name in ("d_grad", "g_grad"))
        numbers = [
            (f"{rows} x, {rows} z", f"{rows} each"),
            (f"mean {place_words(batch['fake_mean'])}", place_words(batch["fake_mean"])),
            (", ".join(reading(float(values.mean())) for values in shown), ""),
            (f"{real} + {fake} = {both}", both),
            (d_norm, ""),
            (f"L_G {reading(float(batch['g_loss']))}, {g_norm}", g_norm),
        ]
    whats = ("draw x, z", "fakes G(z)", f"{letter}(x), {letter}(G(z))", "loss L_D", d_word, g_word)
    colours = ("", "", "", theme.d, theme.d, theme.g)
    return tuple(
        Box(what, *number, colour) for what, number, colour in zip(whats, numbers, colours, strict=True)
    )


def place_words(mean: npt.ArrayLike) -> str:
    """A mean in data space: its coordinates, or for an image the mean of its pixels."""
    values = np.asarray(mean, float)
    if len(values) > 2:
        return f"pixel {formatting.fixed(float(values.mean()), 2)}"
    words = ", ".join(formatting.fixed(float(value), 2) for value in values)
    return words if len(values) == 1 else f"({words})"
