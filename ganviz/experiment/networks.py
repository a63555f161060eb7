"""The settings of the players: their networks, the noise that G starts from, how each of them learns."""

from __future__ import annotations

from typing import Any, Literal

from ganviz.experiment.declaration import GAN, NETWORK_GAMES, setting

NETWORKS = {"mlp": "MLP", "dcgan": "DCGAN"}
MLP, DCGAN = ("network", ["mlp"]), ("network", ["dcgan"])
"""The conditions that the networks are of one kind or of the other."""
ACTIVATIONS = {"relu": "ReLU", "leaky_relu": "LeakyReLU 0.2", "tanh": "tanh", "silu": "SiLU"}
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSProp"}

NETWORK: dict[str, Any] = {
    "network": setting(
        "mlp",
        "Networks",
        "MLP: fully connected layers, for any data. DCGAN: convolutions, for images of 8, 16, 28 or 64 "
        "pixels a side; those of a CycleGAN's generators have residual blocks.",
        "game",
        choices=NETWORKS,
        games=NETWORK_GAMES,
    ),
    "filters": setting(
        32,
        "Filters",
        "Channels of D's first layer and of G's last but one; each layer further in has twice as many.",
        "game",
        symbol="nf",
        ge=2,
        le=128,
        only_if=DCGAN,
        games=NETWORK_GAMES,
    ),
    "batch_norm": setting(
        "both",
        "Batch norm",
        "Batch normalisation after each convolution but G's last and D's first, as in DCGAN; in G alone, "
        "where a penalty needs D's slope in each sample; or nowhere.",
        "game",
        choices={"both": "G and D", "g": "G alone", "none": "none"},
        only_if=DCGAN,
    ),
    "latent": setting(
        "normal",
        "Noise",
        "Distribution of the latent z.",
        "generator",
        symbol="z",
        choices={"normal": "Normal N(0, I)", "uniform": "Uniform [−1, 1]"},
        games=GAN,
    ),
    "latent_dim": setting(
        2, "Noise dimension", "Number of components of the latent z.", "generator", ge=1, le=512, games=GAN
    ),
}
"""Key to declaration, in the order of the form: what both players share, and the noise."""


def _player(letter: Literal["g", "d"], group: str, layers: str, activation: str) -> dict[str, Any]:
    """The settings that both players have; each player has its own values."""
    return _layers(letter.upper(), group, layers, activation) | _learning(letter, group)


def _layers(player: str, group: str, layers: str, activation: str) -> dict[str, Any]:
    return {
        "layers": setting(
            2, "Layers", f"Hidden layers of {player}. {layers}", group, ge=0, le=8, only_if=MLP
        ),
        "width": setting(
            128, "Width", f"Units in each hidden layer of {player}.", group, unit="units", ge=1, le=1024,
            only_if=MLP,
        ),
        "activation": setting(
            activation, "Activation", f"Nonlinearity after each hidden layer of {player}.", group,
            choices=ACTIVATIONS, only_if=MLP,
        ),
    }  # fmt: skip


def _learning(letter: str, group: str) -> dict[str, Any]:
    player = letter.upper()

    def number(default: float, title: str, help: str, *optimizers: str, le: float, **rest: Any) -> Any:
        only_if = (f"{letter}_optimizer", optimizers) if optimizers else None
        return setting(default, title, help, group, live=True, le=le, only_if=only_if, **({"ge": 0.0} | rest))

    return {
        "optimizer": setting(
            "adam", "Optimiser",
            f"How {player} turns gradients into updates. A change clears the moments, not the weights.",
            group, live=True, choices=OPTIMIZERS,
        ),
        "learning_rate": number(
            1e-3, "Learning rate", f"Step size of {player}'s optimiser.", symbol="η", log=True, ge=1e-7,
            le=100.0,
        ),
        "momentum": number(0.0, "Momentum", f"Momentum of {player}'s SGD.", "sgd", le=0.999),
        "beta1": number(
            0.5, "First moment", f"Decay of {player}'s mean gradient in Adam.", "adam", symbol="β₁", le=0.9999
        ),
        "beta2": number(
            0.9, "Second moment", f"Decay of {player}'s mean squared gradient in Adam and RMSProp.", "adam",
            "rmsprop", symbol="β₂", le=0.99999,
        ),
        "gradient_clip": number(
            0.0, "Gradient clip",
            f"Largest norm of {player}'s gradient; longer ones are scaled down to it. 0: no clipping.",
            le=1e6,
        ),
    }  # fmt: skip


GENERATOR = _player("g", "generator", "0: a linear map of z.", "relu")
DISCRIMINATOR = _player("d", "discriminator", "0: a linear logit.", "leaky_relu")
"""Key without its letter to declaration, in the order of the form: of each player."""
