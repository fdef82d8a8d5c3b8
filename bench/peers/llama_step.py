#!/usr/bin/env python3
"""The peer of the training-step benchmark: a Llama in eager PyTorch, in tokens per second."""
import math

import torch
import torch.nn.functional as F

import peer
import training


class Norm(torch.nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(hidden))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat((-b, a), -1) * sin


class Block(torch.nn.Module):
    def __init__(self, hidden, heads, ffn):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = Norm(hidden), Norm(hidden)
        self.q, self.k, self.v, self.o = (torch.nn.Linear(hidden, hidden, bias=False) for _ in range(4))
        self.gate, self.up = (torch.nn.Linear(hidden, ffn, bias=False) for _ in range(2))
        self.down = torch.nn.Linear(ffn, hidden, bias=False)

    def forward(self, x, cos, sin, mask):
        batch, length, hidden = x.shape
        heads, size = self.heads, hidden // self.heads
        h = self.norm1(x)
        q, k, v = (f(h).view(batch, length, heads, size).transpose(1, 2) for f in (self.q, self.k, self.v))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        p = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(size) + mask, -1)
        x = x + self.o((p @ v).transpose(1, 2).reshape(batch, length, hidden))
        h = self.norm2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Model(torch.nn.Module):
    def __init__(self, hidden, layers, heads, ffn, vocab, length):
        super().__init__()
        size = hidden // heads
        self.embed = torch.nn.Embedding(vocab, hidden)
        self.blocks = torch.nn.ModuleList(Block(hidden, heads, ffn) for _ in range(layers))
        self.norm = Norm(hidden)
        self.head = torch.nn.Linear(hidden, vocab, bias=False)
        angles = torch.outer(torch.arange(length), 10000.0 ** (-torch.arange(0, size, 2) / size))
        self.cos, self.sin = (torch.cat((f(angles), f(angles)), -1) for f in (torch.cos, torch.sin))
        self.mask = torch.full((length, length), float("-inf")).triu(1)

    def forward(self, ids):
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x, self.cos, self.sin, self.mask)
        return self.head(self.norm(x))


def prepare(config):
    torch.manual_seed(0)
    batch, length, vocab = config["batch"], config["length"], config["vocab"]
    model = Model(config["hidden"], config["layers"], config["heads"], config["intermediate"], vocab, length)
    return training.step_of(model, batch, length, vocab)


peer.serve(prepare)
