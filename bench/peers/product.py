#!/usr/bin/env python3
"""The peer of the product benchmarks: op(a) . op(b) in PyTorch (m, n, k; left, right: stored transposed), in GFLOP/s."""
import torch

import peer


def prepare(config):
    m, n, k = config["m"], config["n"], config["k"]
    a = torch.randn(k, m).t() if config["left"] else torch.randn(m, k)
    b = torch.randn(n, k).t() if config["right"] else torch.randn(k, n)
    return lambda: a @ b, 2e-9 * m * n * k


with torch.no_grad():
    peer.serve(prepare)
