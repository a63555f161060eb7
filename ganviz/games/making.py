"""Which networks play: those that the experiment names, of the size of its data."""

from __future__ import annotations

import torch

from ganviz.data import Source
from ganviz.experiment import Experiment, ExperimentError
from ganviz.games.convolution import LAYERS, ConvDiscriminator, ConvGenerator, Shape
from ganviz.games.network import Network
from ganviz.games.networks import MLP, one_output
from ganviz.games.residual import ResidualGenerator


def make_generator(experiment: Experiment, source: Source, weights: torch.Generator) -> Network:
    """G, (n, latent_dim) to (n, dim). ExperimentError where such a network cannot make these data."""
    e = experiment
    if e.network == "dcgan":
        shape = image_shape(source)
        return ConvGenerator(e.latent_dim, shape, e.filters, weights, e.batch_norm != "none")
    bounded = torch.tanh if source.image_shape else None  # pixels lie in [-1, 1]
    sizes = [e.latent_dim, *[e.g_width] * e.g_layers, source.dim]
    return MLP(sizes, e.g_activation, weights, bounded)


def make_discriminator(experiment: Experiment, source: Source, weights: torch.Generator) -> Network:
    """D, (n, dim) to (n,). ExperimentError where such a network cannot judge these data."""
    e = experiment
    if e.network == "dcgan":
        return ConvDiscriminator(image_shape(source), e.filters, weights, e.batch_norm == "both")
    return MLP([source.dim, *[e.d_width] * e.d_layers, 1], e.d_activation, weights, one_output)


def make_translator(experiment: Experiment, source: Source, weights: torch.Generator) -> Network:
    """A generator of a CycleGAN, (n, dim) to (n, dim). ExperimentError where such a network cannot make these
    data."""
    e = experiment
    if e.network == "dcgan":
        return ResidualGenerator(image_shape(source), e.filters, weights)
    bounded = torch.tanh if source.image_shape else None
    return MLP([source.dim, *[e.g_width] * e.g_layers, source.dim], e.g_activation, weights, bounded)


def make_judge(experiment: Experiment, source: Source, weights: torch.Generator) -> Network:
    """A discriminator of a CycleGAN, (n, dim) to (n,): as of a GAN, but without batch normalisation, which
    the paper has none of."""
    return make_discriminator(experiment.model_copy(update={"batch_norm": "none"}), source, weights)


def image_shape(source: Source) -> Shape:
    """The shape of images that convolutions can make. ExperimentError where there are none."""
    shape = source.image_shape
    if shape is None or shape[1] != shape[2] or shape[1] not in LAYERS:
        found = f"images of {shape[2]} x {shape[1]} pixels" if shape else "no images"
        sides = ", ".join(f"{side} x {side}" for side in LAYERS)
        raise ExperimentError(
            f"network = dcgan: the data are {found}; accepted: images of {sides} pixels, or network = mlp"
        )
    return shape
