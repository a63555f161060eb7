"""All panels, each in the file of its key. This table names them without loading Qt; `load` brings in one."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from ganviz.experiment import PORTRAIT_GAMES
from ganviz.experiment.declaration import CYCLEGAN, GAN

if TYPE_CHECKING:
    from ganviz.ui.panels.base import Panel


@dataclass(frozen=True)
class PanelInfo:
    """One row of `PANELS`: title, name of the class, what the panel is for, in a few sentences, and the games
    that it is made for. ``images``: made for images alone (True), or for points on a line or in a plane
    (False); None: for both."""

    title: str
    class_name: str
    help: str
    games: tuple[str, ...] = GAN
    images: bool | None = None


PANELS: dict[str, PanelInfo] = {
    "samples": PanelInfo(
        "Samples",
        "SamplesPanel",
        "Real and generated samples where they lie. The grey map is D(x), the line is where D says ½. Arrows "
        "show where one step down its own cost would move a fake: under the running objective, and, thinner, "
        "under the other of minimax and non-saturating.",
    ),
    "outputs": PanelInfo(
        "Discriminator output",
        "OutputsPanel",
        "What D says about 500 real and 500 generated samples. Far apart: D is winning. On top of each other "
        "at ½, or at the mean of smoothed labels: D cannot tell. A critic gives a score without bounds, "
        "which is never drawn as a probability.",
    ),
    "saturation": PanelInfo(
        "Saturation",
        "SaturationPanel",
        "What G pays for one fake, against D's logit a. The slope of log(1−D) is −D: where D is sure of a "
        "fake it is flat and G gets no push. The slope of −log D is −(1−D): there it is steepest. The fakes "
        "of this moment stand under the same axis.",
    ),
    "losses": PanelInfo(
        "Losses",
        "LossesPanel",
        "What both players paid at each step. L_D is the sum of both terms, log 4 where D cannot tell, a "
        "little more where labels are smoothed. A falling loss of one player is not by itself a sign of "
        "learning: each is measured against an opponent that also moves.",
    ),
    "divergence": PanelInfo(
        "Divergence",
        "DivergencePanel",
        "V is what D reaches; its ceiling, 2 JSD − log 4, is what the best possible D would reach. The gap "
        "is what D has not yet learned, or what smoothed labels keep it from. Only where the ceiling falls "
        "do the generated samples come nearer to the data.",
        images=False,
    ),
    "gradient": PanelInfo(
        "Generator gradient",
        "GradientPanel",
        "How hard G is pushed: the norm of the gradient in its weights, measured for both losses with the "
        "same weights and the same batch. The ratio of the two norms is not the ratio of the slopes in the "
        "logit, because fakes near D's border weigh most.",
    ),
    "bce": PanelInfo(
        "Binary cross-entropy",
        "BcePanel",
        "D's loss is the sum of two: −log D(x) for each real (label y = 1) and −log(1−D(G(z))) for each fake "
        "(label y = 0). The marks are this batch's mean outputs on the two curves; the short bars are the "
        "means of the costs, and these add up to L_D. The boxes are the lines of the training loop with the "
        "same batch's numbers. A critic has two costs of its score instead.",
    ),
    "value": PanelInfo(
        "Value and divergence",
        "ValuePanel",
        "V is what D reaches, its ceiling what the best D would reach, its floor −log 4: p = q. Four "
        "distances between the data p and the generated q: JSD, never above log 2; KL(p‖q), large where q "
        "misses a part of the data; KL(q‖p), large where q lies off the data; W1, the only one that grows "
        "with the way between them. Below each: what as many samples of a perfect generator read.",
        images=False,
    ),
    "modes": PanelInfo(
        "Modes",
        "ModesPanel",
        "A fake is good within three standard deviations of a mode's mean; a mode is captured where at least "
        "one good fake is nearest to it. Bars: how the good fakes are shared out; an even generator reaches "
        "the dotted line at every mode. Reverse KL measures how uneven they are: 0 is even, log K all in "
        "one; the floor is what a perfect generator reads with as many samples.",
        images=False,
    ),
    "total_loss": PanelInfo(
        "Total loss",
        "TotalLossPanel",
        "L_D + L_G, and what it means. V is one number that D raises and G lowers: it cannot be the loss of "
        "both. Minimax: G's part cancels, D's cost of the reals is left. Non-saturating: costs of two "
        "different games are added. The table holds each objective's numbers for the same outputs and the "
        "range that they can have. No sum tells whether the fakes are good.",
    ),
    "critic": PanelInfo(
        "Critic",
        "CriticPanel",
        "D beside a Wasserstein critic f along the line from the fakes' mean to the reals' mean (x itself in "
        "1-D). Where D is sure it is flat and gives no slope; a clipped critic stays nearly straight. One of "
        "the two is the run's own, the other is trained beside it on the same samples and touches nothing. "
        "Clipping drives the weights to ±c, and leaves the scale of f open.",
    ),
    "figure_1": PanelInfo(
        "Figure 1",
        "Figure1Panel",
        "The picture of the 2014 paper, live. Dotted: the data. Solid: the fakes. Dashed: D, and in grey the "
        "best discriminator, D* = p/(p + q), computed from the data's density and the measured one of the "
        "fakes. Below, arrows take evenly spaced quantiles of z to x = G(z): where they crowd, p_g is high. "
        "D tells G to move its fakes towards larger D; where p_g = p_data, D* is ½ everywhere.",
        images=False,
    ),
    "weight_path": PanelInfo(
        "Weight path",
        "WeightPathPanel",
        "The weights of G, of D and of both together, recorded along the run, in the plane in which their "
        "path is widest: its two leading principal directions. ○ is the start, ● the newest state, the path "
        "darkens as the run goes on. A game that turns draws a loop, one that settles a line with an end. "
        "The plane is the path's own: shapes can be compared, directions cannot.",
    ),
    "path_angle": PanelInfo(
        "Path-angle",
        "PathAnglePanel",
        "Which way both players move on the line through two recorded states w and w′: the cosine of the "
        "field v with w′ − w, and its norm, on one fixed batch. Above 0 they move on towards w′. A change "
        "of sign at w′ is attraction; a bump without one is rotation. Berard et al. 2020 write the field "
        "with the opposite sign and measure along w − w′, which is the same.",
    ),
    "speed": PanelInfo(
        "Speed",
        "SpeedPanel",
        "How far each player moves: the length of one update, the norm of the gradient behind it, and the "
        "update as a share of the norm of all weights. The update is what the player's optimiser makes of "
        "the gradient of one fresh batch; penalties, clipping and rate are in it.",
    ),
    "optimal_d": PanelInfo(
        "Optimal D",
        "OptimalDPanel",
        "What D has learned, what the best possible D would say, and the difference. The best D, p/(p + q), "
        "is computed cell by cell from the data's density and from counted fakes. Blue: D takes a place for "
        "more real than it is; orange: for less. Hatched: neither data nor fakes come here, so nothing can "
        "be said. Only in places where samples come does the difference matter for the game.",
        images=False,
    ),
    "image_history": PanelInfo(
        "Samples over time",
        "ImageHistoryPanel",
        "Each row is one fixed latent z, each column a step: what G makes of the same noise, from its first "
        "weights to this moment at the right. Rows that become alike are a collapse; a row that turns from "
        "one thing into another forgets. A bounded number of steps is kept, evenly over the run.",
        images=True,
    ),
    "interpolation": PanelInfo(
        "Latent interpolation",
        "InterpolationPanel",
        "Eleven images on the way from one latent to another, and D's output on each. Spherical: along the "
        "great circle, where noise of this length lies; linear: straight, through shorter latents that G has "
        "hardly seen. A smooth change says that G has not learned single images by heart. The way goes "
        "from the sample clicked before to the one clicked last, or drop samples on its ends.",
        images=True,
    ),
    "arithmetic": PanelInfo(
        "Latent arithmetic",
        "ArithmeticPanel",
        "z = mean of a − mean of b + mean of c, and what G makes of it: in the middle, with eight latents "
        "close to it around. Up to three samples a slot; the mean of several is steadier than one. Drag "
        "samples here, or choose one and click a slot; the small cross empties it. The same sum of pixels, "
        "beside it, only lays pictures over each other.",
        images=True,
    ),
    "nearest": PanelInfo(
        "Nearest reals",
        "NearestPanel",
        "The chosen sample and the real images nearest to it, over all pixels: has G copied? Below, how far "
        "reals are from the nearest other real. A fake nearer to a real than 99 % of reals are to each other "
        "is suspiciously near. Pixels are a weak measure: a shifted copy looks far.",
        images=True,
    ),
    "filters": PanelInfo(
        "First layer of D",
        "FiltersPanel",
        "The weights of the units that see the image itself, one tile a unit, drawn like images on a scale "
        "that is symmetric about 0: middle grey is 0. Noise at the start; strokes and edges where D has "
        "found something to look for. A fully connected unit sees the whole image, a convolution a window.",
        images=True,
    ),
    "maps": PanelInfo(
        "Maps",
        "MapsPanel",
        "Where G takes the samples of X and F those of Y, and where the other map brings them back. Every "
        "sample keeps the colour of the place that it comes from, so pairs are seen as colours; a dark line "
        "joins it to where it comes back. On a line both maps stand in one picture, F with the axes "
        "exchanged: they lie on each other where one undoes the other.",
        CYCLEGAN,
        images=False,
    ),
    "translations": PanelInfo(
        "Translations",
        "TranslationsPanel",
        "Images of X, what G makes of them, and what F brings back; and the same from Y. The second row "
        "should look like the other side, the third like the first. Nobody has told which image of Y belongs "
        "to which of X: the second row may look right and show something else.",
        CYCLEGAN,
        images=True,
    ),
    "marginals": PanelInfo(
        "Marginals",
        "MarginalsPanel",
        "What G makes of X beside Y, and what F makes of Y beside X: that is all the discriminators can see. "
        "The distance is W1, in the plane the mean over 16 directions; the floor is what as many real "
        "samples read. Both can match while no pair comes back.",
        CYCLEGAN,
    ),
    "cycle": PanelInfo(
        "Cycle",
        "CyclePanel",
        "How far what went to the other side comes back from where it started, and how far a map moves what "
        "is of its target already. Both are measured at every step, whether they are in the loss or not: "
        "with GAN only the cycle error stays where chance leaves it, with the cycle loss it falls.",
        CYCLEGAN,
    ),
    "players": PanelInfo(
        "Four players",
        "PlayersPanel",
        "The adversarial loss of each player. G against D_Y, F against D_X; squares in place of logarithms, "
        "and the discriminators' halved. ¼ is what each pays where D says ½ everywhere; a discriminator "
        "that is right about everything pays 0, its generator 1.",
        CYCLEGAN,
    ),
    "portraits": PanelInfo(
        "Portraits",
        "PortraitsPanel",
        "Each line in a plane of its own: θ of the generator to the right, ψ of the discriminator "
        "upwards, the rest point in the middle. Arrows: where the field points, longer where it is "
        "faster. Bold: what was played, light: what will come under these settings, both exact steps. "
        "Click or drag to set the start; with the keyboard: arrow keys, then Enter.",
        PORTRAIT_GAMES,
    ),
    "portrait": PanelInfo(
        "Portrait",
        "OnePortraitPanel",
        "All lines in one plane, from one start. The arrows are the field of the line that is chosen in "
        "the list. Bold: what was played, light: what will come under these settings, both exact steps. "
        "Click or drag to set the start.",
        PORTRAIT_GAMES,
    ),
    "eigenvalues": PanelInfo(
        "Eigenvalues",
        "EigenvaluesPanel",
        "What the linearisation at the rest point (0, 0) says. Of one step as it is taken: within the "
        "unit circle each step brings a line nearer, outside it drives it away. Of the field alone: left "
        "of the axis it attracts. A step can diverge where its field attracts. On the line itself this "
        "says nothing: see the portrait.",
        PORTRAIT_GAMES,
    ),
    "radius": PanelInfo(
        "Distance to equilibrium",
        "RadiusPanel",
        "The distance of each line from the rest point (0, 0), step by step. On the log axis a straight "
        "line down is convergence at a fixed rate. Bold: what was played, light: what will come under "
        "these settings.",
        PORTRAIT_GAMES,
    ),
    "spectrum": PanelInfo(
        "Spectrum",
        "SpectrumPanel",
        "The eigenvalues of the game's Jacobian J, G's weights and D's together, on one fixed batch. Left "
        "of the imaginary axis the game comes nearer to a rest point, right of it it leaves; far above and "
        "below the real axis it turns. One step: the same of the step taken, with the unit circle for the "
        "axis. Hollow: the same weights with the penalty off, or with R1 where there is none: near a "
        "rest point R1 damps, away from one the largest real part may also grow with it. There the "
        "eigenvalues say how neighbouring runs part. All up to 600 weights, else the leading ones.",
    ),
    "quality": PanelInfo(
        "Image quality",
        "QualityPanel",
        "A small classifier, trained here on the labelled reals, looks at the fakes. Recognised: it gives "
        "one class 90 % or more. Bars: for which class it takes them; an even generator reaches the dotted "
        "line everywhere. Fréchet distance: between its features of the fakes and of half of the reals, in "
        "multiples of what the other half reads. Near-copies: fakes nearer to a real than 99 % of the reals "
        "are to any other: many of them mean that G has learned by heart.",
        images=True,
    ),
}


def not_for(key: str, game: str, images: bool = False) -> str:
    """Why a panel shows nothing in a game, of ``images`` or of points, in one sentence; "" where it belongs
    to it."""
    info = PANELS[key]
    if game in info.games:
        return "" if info.images in (None, images) else ONLY_IMAGES if info.images else ONLY_POINTS
    if info.games == CYCLEGAN:
        return "This panel is for a CycleGAN: see the menu Experiment."
    if game == "cyclegan":
        return "A CycleGAN has four players and no noise: this panel is for a GAN or a game of two numbers."
    if game in PORTRAIT_GAMES:
        return "A game of two numbers has no networks and no samples: nothing to show here."
    return "This panel is for the games of two numbers: see the menu Experiment."


ONLY_IMAGES = "This panel is for images: choose the digits in the menu Experiment."
ONLY_POINTS = "This panel is for points on a line or in a plane, whose density can be known or counted."


def load(key: str) -> type[Panel]:
    """The class of the panel ``key``, a key of `PANELS` (KeyError otherwise); loads Qt."""
    found: type[Panel] = getattr(import_module(f"ganviz.ui.panels.{key}"), PANELS[key].class_name)
    return found
