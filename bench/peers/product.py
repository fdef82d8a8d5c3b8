#!/usr/bin/env python3
"""The peer of the product benchmark: x . W^T in PyTorch (m, n, k), in GFLOP/s."""
import torch

import peer


def prepare(config):
    m, n, k = config["m"], config["n"], config["k"]
    a, b = torch.randn(m, k), torch.randn(n, k).t()
    return lambda: a @ b, 2e-9 * m * n * k


with torch.no_grad():
    peer.serve(prepare)
