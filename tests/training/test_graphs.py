"""Graphs made cheaper: the same bits as the function itself, and what is written to is no constant."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx

from ganviz.training.graphs import Replay, tidied


def operations(graph: GraphModule) -> list[str]:
    return [str(node.target) for node in graph.graph.nodes if node.op == "call_function"]


def mean_slope(weight: Tensor, batch: Tensor) -> Tensor:
    loss = torch.nn.functional.softplus(batch @ weight.t()).mean()
    return torch.autograd.grad(loss, weight)[0]


def test_a_mean_slope_is_computed_once_and_transpositions_cancel() -> None:
    weight, batch = torch.randn(3, 4).requires_grad_(), torch.randn(8, 4)
    graph = make_fx(mean_slope)(weight, batch)
    assert {"aten.ones_like.default", "aten.div.Scalar"} <= set(operations(graph))
    before = operations(graph).count("aten.t.default")
    after = operations(tidied(graph, weight, batch))
    assert not {"aten.ones_like.default", "aten.expand.default", "aten.div.Scalar"} & set(after)
    assert after.count("aten.t.default") < before
    other = torch.randn(3, 4).requires_grad_(), torch.randn(8, 4)
    assert torch.equal(graph(*other), mean_slope(*other))


def test_what_is_written_to_is_no_constant() -> None:
    def counted(value: Tensor) -> Tensor:
        begun = torch.zeros_like(value)
        begun[0] += value[0]
        return begun

    graph = tidied(make_fx(counted)(torch.ones(2)), torch.ones(2))
    assert [graph(torch.full((2,), 3.0)).tolist() for _ in range(2)] == [[3.0, 0.0]] * 2


def test_a_graph_that_reads_something_else_is_refused() -> None:
    elsewhere = torch.ones(2)
    graph = make_fx(lambda value: value + elsewhere)(torch.ones(2))
    with pytest.raises(RuntimeError, match="neither a weight nor a batch"):
        tidied(graph, torch.ones(2))


def test_a_kept_transposition_follows_its_weight() -> None:
    weight, batch = torch.randn(3, 4), torch.randn(8, 4)
    graph = make_fx(lambda weight, batch: batch @ weight.t())(weight, batch)
    kept: dict[Tensor, Tensor] = {}
    for _ in range(2):
        assert torch.equal(Replay(graph, kept).run(weight, batch), batch @ weight.t())
        weight.mul_(2.0)
    assert len(kept) == 1
