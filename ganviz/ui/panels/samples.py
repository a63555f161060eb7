"""Real and generated samples where they lie: on a line, in the plane, or as images."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from ganviz.data import Source
from ganviz.experiment import Experiment
from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.picks import Picks
from ganviz.ui.panels.samples_images import ImageGrid
from ganviz.ui.panels.samples_line import LinePlot
from ganviz.ui.panels.samples_plane import PlanePlot, mean_length

OTHER = {"minimax": "non_saturating", "non_saturating": "minimax"}
"""Whose arrows are drawn beside those of the running objective."""
SHORT = {"minimax": "minimax", "non_saturating": "non-sat."}
EQUATIONS = {
    "points": r"x\sim p_{\mathrm{data}},\quad G(z),\ z\sim p_z",
    "images": r"G(z_i),\quad D(G(z_i))\ \mathrm{under\ each}",
    "images of a critic": r"G(z_i),\quad f(G(z_i))\ \mathrm{under\ each}",
}
ORDER_SECONDS = 1.0
"""While training, images change their places once a second at most."""
ARROW_TIP = "Mean length of −∂L_G/∂G(z) over 70 fakes: where one fake moves to lower its own cost."


class SamplesPanel(Panel):
    """See the module."""

    key = "samples"
    equation = EQUATIONS["points"]
    needs = frozenset({"samples", "surface", "arrows", "divergence"})
    turns = 2  # the picture of movement
    legend_entries = (
        Entry("real", "real", "disc"),
        Entry("fake", "fake", "diamond"),
        Entry("map", "D(x)", "box"),
        Entry("active", "push", "arrow", tip=ARROW_TIP),
        Entry("other", "if", "arrow", tip=ARROW_TIP),
        Entry("score", "bar: D, right edge = 1", "box", tip="What D says of each image."),
        Entry("in_order", "in order", group="order", tip="Each place keeps its latent z."),
        Entry("by_output", "by D", group="order", on=False, tip="What D takes for real most comes first."),
    )

    def build(self) -> None:
        self.plane, self.line, self.images = PlanePlot(), LinePlot(), ImageGrid()
        self.images.picked.connect(self._pick)
        self._stack = QStackedWidget()
        for view in (self.plane, self.line, self.images):
            self._stack.addWidget(view)
        self.body.addWidget(self._stack, 1)
        self._source: Source | None = None
        self._made_of: tuple[object, ...] = ()
        self._outside, self._picks = 0.0, Picks()
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[QWidget, ...]:
        return self.plane, self.line, self.images

    @property
    def view(self) -> PlanePlot | LinePlot | ImageGrid:
        """What is shown for these data."""
        if self._source is not None and self._source.image_shape:
            return self.images
        return self.line if self._source is not None and self._source.dim == 1 else self.plane

    def clear(self) -> None:
        self.plane.forget()
        self.line.forget()
        self.images.clear()
        self._source, self._made_of, self._outside, self._data = None, (), 0.0, {}
        for view in (self.plane, self.line, self.images):
            view.hint = self.nothing_yet
        self.images.update()
        self.plane.refresh()
        self.line.refresh()
        self._name(OBJECTIVES["minimax"].id)

    def draw(self, run: Run) -> None:
        self._take_source(run.experiment)
        samples = self.fresh(run, "samples")
        surface, arrows = self.fresh(run, "surface"), self.fresh(run, "arrows")
        divergence = self.fresh(run, "divergence")
        if samples is not None:
            self._show_samples(samples, run)
        if surface is not None and not isinstance(self.view, ImageGrid):
            self._show_surface(surface, run)
        if arrows is not None and not isinstance(self.view, ImageGrid):
            self._show_arrows(arrows, run)
        if divergence is not None or samples is not None:
            self._say(run)
        if any(found is not None for found in (samples, surface, arrows, divergence)) and not isinstance(
            self.view, ImageGrid
        ):
            self.view.refresh()

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    # ------------------------------------------------------------ choosing

    def take_picks(self, picks: Picks) -> None:
        self._picks = picks
        self.images.show_picks(picks)

    @Slot(int)
    def _pick(self, number: int) -> None:
        self.take_picks(self._picks.then(number))
        self.picked.emit(self._picks)

    # ------------------------------------------------------------ what is shown

    def _take_source(self, experiment: Experiment) -> None:
        source = experiment.source()
        made_of = (source, experiment.objective, self.theme.name)
        if made_of == self._made_of:
            return
        self._source, self._made_of = source, made_of
        view = self.view
        self._stack.setCurrentWidget(view)
        if not isinstance(view, ImageGrid):
            assert self._source is not None
            view.show_source(self._source)
        self._name(experiment.objective)

    def _name(self, objective: str) -> None:
        """Words and colours of the legend, before any length is measured."""
        row, theme, buttons = OBJECTIVES[objective], self.theme, self.legend.buttons
        images = isinstance(self.view, ImageGrid)
        self.legend.show_only(
            {"real", "fake", "score", "in_order", "by_output"}
            if images
            else {"real", "fake", "map", "active", *({"other"} if row.is_probability else ())}
        )
        buttons["score"].say("bar: D, right edge = 1" if row.is_probability else "score f", theme.fake)
        buttons["by_output"].say("by D" if row.is_probability else "by f", theme.ink)
        critic = "images" if row.is_probability else "images of a critic"
        self.set_equation(EQUATIONS[critic if images else "points"])
        buttons["real"].say("real", theme.real)
        buttons["fake"].say("fake", theme.fake)
        buttons["map"].say("D(x)" if row.is_probability else "score f(x)", theme.d)
        buttons["active"].say("push", theme.objective(objective))
        other = OTHER.get(objective, "non_saturating")
        buttons["other"].say(f"if {SHORT[other]}", theme.objective(other))

    def _on(self, *keys: str) -> dict[str, bool]:
        return {key: self.legend.is_on(key) for key in keys}

    def _show_samples(self, samples: Measurement, run: Run) -> None:
        real, fake = np.asarray(samples["real"]), np.asarray(samples["fake"])
        outputs = {name: np.asarray(samples[f"output_{name}"]) for name in ("real", "fake")}
        self._data |= {
            "real": real,
            "fake": fake,
            "output_real": outputs["real"],
            "output_fake": outputs["fake"],
        }
        view = self.view
        view.hint = ""
        if isinstance(view, ImageGrid):
            assert self._source is not None
            shown = {
                name: values for name, values in (("real", real), ("fake", fake)) if self._on(name)[name]
            }
            view.with_scores = self.legend.is_on("score")
            view.show_images(shown, outputs, self._source, self.objective(run).is_probability)
            if self.is_due(run, "order", ORDER_SECONDS):
                view.put_in_order(self.legend.is_on("by_output"))
        else:
            self._outside = view.show_points(real, fake, self._on("real", "fake"))

    def _show_surface(self, surface: Measurement, run: Run) -> None:
        objective, on = self.objective(run), self.legend.is_on("map")
        output = np.asarray(surface["output"], float)
        self._data |= {"surface_x": surface["x"], "surface_output": surface["output"]}
        if isinstance(self.view, LinePlot):
            self.view.show_map(np.asarray(surface["x"], float), output, objective, on)
            return
        self._data |= {"surface_y": surface["y"]}
        border = 0.0
        if not objective.is_probability:
            # a score has no ½: the border that matters lies midway between the two means
            samples = run.frame.get("samples")
            means = (
                [float(np.mean(samples[f"output_{name}"])) for name in ("real", "fake")]
                if samples
                else [math.nan]
            )
            border = sum(means) / len(means)
        self.plane.show_map(
            np.asarray(surface["x"], float),
            np.asarray(surface["y"], float),
            output,
            objective=objective,
            border=border,
            on=on,
        )

    def _show_arrows(self, arrows: Measurement, run: Run) -> None:
        objective, buttons = run.experiment.objective, self.legend.buttons
        at, active = np.asarray(arrows["at"], float), np.asarray(arrows["active"], float)
        sets = {"active": (active, self.theme.objective(objective))}
        self._data |= {"arrows_at": at, "arrows_active": active}
        buttons["active"].say(
            f"push {formatting.significant(mean_length(active), 2)}", self.theme.objective(objective)
        )
        if "minimax" in arrows:
            other = OTHER.get(objective, "non_saturating")
            vectors, colour = np.asarray(arrows[other], float), self.theme.objective(other)
            sets["other"] = (vectors, colour)
            self._data |= {f"arrows_{other}": vectors}
            buttons["other"].say(
                f"if {SHORT[other]} {formatting.significant(mean_length(vectors), 2)}", colour
            )
        view = self.view
        assert not isinstance(view, ImageGrid)
        view.show_arrows(at, sets, self._on("active", "other"))

    def _say(self, run: Run) -> None:
        view = self.view
        if isinstance(view, ImageGrid) or not self.text_is_due(run):
            return
        words = []
        found = run.frame.get("divergence")
        if (
            found is not None
            and self._source is not None
            and self._source.means is not None
            and math.isfinite(found["modes"])
        ):
            words.append(
                (f"{formatting.fixed(found['modes'], 0)} of {len(self._source.means)}", "modes reached")
            )
            words.append((f"{formatting.fixed(100 * found['high_quality'], 0)} %", "within 3σ"))
        if self._outside > 0.0:
            share = 100 * self._outside
            words.append((f"{formatting.fixed(share, 0) if share >= 1 else '< 1'} %", "of fakes outside"))
        view.words_beside = words
