"""ganviz: see why generative adversarial networks learn, stall, circle and collapse.

>>> from ganviz import Experiment, Trainer

``import ganviz`` loads neither torch nor Qt nor pydantic: the two classes arrive when first touched.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganviz.experiment import Experiment as Experiment
    from ganviz.training.trainer import Trainer as Trainer

__all__ = ["Experiment", "Trainer", "__version__"]
__version__ = "0.1.0"

_HOMES = {"Experiment": "ganviz.experiment", "Trainer": "ganviz.training.trainer"}


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first touched; AttributeError for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ganviz' has no attribute {name!r}; it offers {', '.join(__all__)}")
    # By name, not by statement: a low room that reads ganviz.__version__ must not count as importing these.
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, those not yet imported too."""
    return sorted(set(globals()) | set(__all__))
