"""What makes a written-down update cheaper to play and changes no bit of it: a step of small products spends
much of its time on operations that compute nothing.

Two transpositions that cancel are dropped; what depends on shapes alone, such as the slope of a mean, is
computed once for all; a weight is transposed once for all updates of a call, its views following what
moves it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, fx
from torch.fx import GraphModule, Interpreter, Node

_aten = torch.ops.aten
OF_SHAPES_ALONE = {_aten.ones_like.default, _aten.zeros_like.default, _aten.full_like.default}


def tidied(graph: GraphModule, *inputs: Any) -> GraphModule:
    """The same graph without what computes nothing; ``inputs`` are an example of what it is called with."""
    for node in list(graph.graph.nodes):
        if node.target is _aten.detach.default:
            node.replace_all_uses_with(node.args[0])
        elif node.target is _aten.t.default and node.args[0].target is _aten.t.default:
            node.replace_all_uses_with(node.args[0].args[0])
    graph.graph.eliminate_dead_code()
    if any(node.op == "get_attr" for node in graph.graph.nodes):
        raise RuntimeError("the update reads what is neither a weight nor a batch")
    _fold(graph, _constants(graph), *inputs)
    graph.recompile()
    return graph


def _constants(graph: GraphModule) -> set[Node]:
    """The operations whose results are the same at each call; none where one of them is written to."""
    found: set[Node] = set()
    for node in graph.graph.nodes:
        known = bool(node.all_input_nodes) and found.issuperset(node.all_input_nodes)
        if _writes(node) and not found.isdisjoint(node.all_input_nodes):
            return set()
        if node.op == "call_function" and (known or node.target in OF_SHAPES_ALONE):
            found.add(node)
    return found


def _writes(node: Node) -> bool:
    return isinstance(node.target, torch._ops.OpOverload) and node.target._schema.is_mutable


def _fold(graph: GraphModule, constants: set[Node], *inputs: Any) -> None:
    """Put the values of constants in the place of their operations."""
    values = _Values(graph)
    values.run(*inputs)
    for node in constants:
        if constants.issuperset(node.users):
            continue  # only other constants are made of it
        name = f"constant_{node.name}"
        graph.register_buffer(name, values.of[node])
        with graph.graph.inserting_before(node):
            node.replace_all_uses_with(graph.graph.get_attr(name))
    graph.graph.eliminate_dead_code()


class _Values(Interpreter):
    """Runs a graph and keeps what each node gave."""

    def __init__(self, graph: GraphModule) -> None:
        super().__init__(graph, garbage_collect_values=False)
        self.of: dict[Node, Any] = {}

    def run_node(self, n: Node) -> Any:
        self.of[n] = super().run_node(n)
        return self.of[n]


class Replay(Interpreter):
    """Runs a graph; ``transposed`` keeps each input's transposition for the graphs that are run after it, and
    may not outlive those inputs."""

    def __init__(self, graph: fx.GraphModule, transposed: dict[Tensor, Tensor]) -> None:
        super().__init__(graph)
        self._transposed = transposed

    def run_node(self, n: Node) -> Any:
        if n.target is not _aten.t.default or n.args[0].op != "placeholder":  # type: ignore[union-attr]
            return super().run_node(n)
        (value,), _ = self.fetch_args_kwargs_from_env(n)
        if value not in self._transposed:
            self._transposed[value] = value.t()
        return self._transposed[value]
