#!/usr/bin/env python3
"""Errors against double precision: of numbers that the caller computed, and of PyTorch's in single precision.

A line of JSON names an operator, its inputs and maybe a result as [path, rows, columns] of raw fp32; "go" prints the
root mean square error of that result, or of PyTorch's own, over the root mean square of the exact values.
"""
import json
import math
import sys

import numpy
import torch
import torch.nn.functional as F


def read(entry):
    path, rows, columns = entry
    return torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32).reshape(rows, columns))


def attention(q, k, v, heads):
    q, k, v = (x.view(len(x), heads, -1).transpose(0, 1) for x in (q, k, v))
    mask = torch.full((q.shape[1], q.shape[1]), float("-inf"), dtype=q.dtype).triu(1)
    y = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + mask, -1) @ v
    return y.transpose(0, 1).flatten(1)


def compute(config, x):
    return {
        "product": lambda: x[0] @ x[1].t(),
        "softmax": lambda: torch.softmax(x[0], -1),
        "layer norm": lambda: F.layer_norm(x[0], x[0].shape[1:], x[1][0], x[2][0], 1e-5),
        "rms norm": lambda: x[0] * torch.rsqrt(x[0].pow(2).mean(-1, keepdim=True) + 1e-5) * x[1],
        "gelu": lambda: F.gelu(x[0], approximate="tanh"),
        "swiglu": lambda: F.silu(x[0]) * x[1],
        "cross-entropy": lambda: F.cross_entropy(x[0], x[1][:, 0].long(), reduction="none")[:, None],
        "attention": lambda: attention(*x[:3], config["heads"]),
        "exp": lambda: x[0].exp(),
        "log": lambda: x[0].log(),
        "tanh": lambda: x[0].tanh(),
        "sigmoid": lambda: x[0].sigmoid(),
    }[config["operator"]]()


for line in sys.stdin:
    if line.startswith("{"):
        config = json.loads(line)
        torch.set_num_threads(1)
        inputs = [read(entry) for entry in config["inputs"]]
    elif line.strip() == "go":
        exact = compute(config, [x.double() for x in inputs])
        got = read(config["result"]) if config.get("result") else compute(config, inputs)
        error = (got.double() - exact).pow(2).mean().sqrt() / exact.pow(2).mean().sqrt()
        print(float(error), flush=True)
    else:
        break
