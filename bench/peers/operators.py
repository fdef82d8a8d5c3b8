#!/usr/bin/env python3
"""The peer of the operator benchmarks: eager PyTorch, in calls per second.

The configuration names an operator and its pass ("forward" or "backward") and gives rows and columns; for attention
sequences, length, heads, key_heads and size; for conv2d batch, channels, height, width, filters, kernel, stride, padding.
"""
import math

import torch
import torch.nn.functional as F

import peer


def leaf(*shape):
    return torch.randn(*shape).requires_grad_()


def rms_norm(x, gain):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * gain


def attention(config):
    sequences, length, heads = config["sequences"], config["length"], config["heads"]
    key_heads, size = config["key_heads"], config["size"]
    q = leaf(sequences, heads, length, size)
    k, v = leaf(sequences, key_heads, length, size), leaf(sequences, key_heads, length, size)
    mask = torch.full((length, length), float("-inf")).triu(1)

    def forward(q, k, v):
        if key_heads != heads:
            k, v = (x.repeat_interleave(heads // key_heads, 1) for x in (k, v))
        return torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(size) + mask, -1) @ v

    return forward, [q, k, v]


def convolution(c):
    x = leaf(c["batch"], c["channels"], c["height"], c["width"])
    w = leaf(c["filters"], c["channels"], c["kernel"], c["kernel"])
    return lambda x, w: F.conv2d(x, w, stride=c["stride"], padding=c["padding"]), [x, w]


def adamw(rows, columns):
    w = leaf(rows, columns)
    w.grad = torch.randn(rows, columns)
    return torch.optim.AdamW([w], lr=1e-3).step


def elementwise_or_row(name, rows, columns):
    x, gain, bias = leaf(rows, columns), leaf(columns), leaf(columns)
    targets = torch.randint(0, columns, (rows,))
    return {
        "softmax": (lambda x: torch.softmax(x, -1), [x]),
        "layer norm": (lambda x, g, b: F.layer_norm(x, (columns,), g, b), [x, gain, bias]),
        "rms norm": (rms_norm, [x, gain]),
        "gelu": (lambda x: F.gelu(x, approximate="tanh"), [x]),
        "gelu, exact": (F.gelu, [x]),
        "swiglu": (lambda g, u: F.silu(g) * u, [x, leaf(rows, columns)]),
        "cross-entropy": (lambda x: F.cross_entropy(x, targets), [x]),
    }[name]


def prepare(config):
    name = config["operator"]
    if name == "adamw":
        return adamw(config["rows"], config["columns"]), 1
    special = {"attention": attention, "conv2d": convolution}
    forward, leaves = special[name](config) if name in special else elementwise_or_row(
        name, config["rows"], config["columns"])
    if config["pass"] == "forward":
        def run():
            with torch.no_grad():
                forward(*leaves)
        return run, 1
    y = forward(*leaves)
    dy = torch.randn_like(y)
    return lambda: torch.autograd.grad(y, leaves, dy, retain_graph=True), 1


peer.serve(prepare)
