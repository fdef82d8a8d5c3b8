#!/usr/bin/env python3
"""The peer of the training-step benchmark: GPT-2 in eager PyTorch, in tokens per second.

Layer norm with biases, learned positions, one matrix for query, key and value, GELU in its tanh form, the output tied to
the embedding, clipping by global norm, AdamW: what a user would write.
"""
import math

import torch
import torch.nn.functional as F

import peer
import training


class Block(torch.nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = torch.nn.LayerNorm(hidden), torch.nn.LayerNorm(hidden)
        self.qkv, self.out = torch.nn.Linear(hidden, 3 * hidden), torch.nn.Linear(hidden, hidden)
        self.up, self.down = torch.nn.Linear(hidden, 4 * hidden), torch.nn.Linear(4 * hidden, hidden)

    def forward(self, x, mask):
        batch, length, hidden = x.shape
        size = hidden // self.heads
        q, k, v = (t.view(batch, length, self.heads, size).transpose(1, 2) for t in self.qkv(self.norm1(x)).split(hidden, 2))
        p = torch.softmax((q @ k.transpose(-1, -2)) * (1 / math.sqrt(size)) + mask, -1)
        x = x + self.out((p @ v).transpose(1, 2).reshape(batch, length, hidden))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Model(torch.nn.Module):
    def __init__(self, hidden, layers, heads, vocab, length):
        super().__init__()
        self.tokens, self.positions = torch.nn.Embedding(vocab, hidden), torch.nn.Embedding(length, hidden)
        self.blocks = torch.nn.ModuleList(Block(hidden, heads) for _ in range(layers))
        self.norm = torch.nn.LayerNorm(hidden)
        self.head = torch.nn.Linear(hidden, vocab, bias=False)
        self.head.weight = self.tokens.weight
        self.register_buffer("mask", torch.full((length, length), float("-inf")).triu(1))

    def forward(self, ids):
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x, self.mask)
        return self.head(self.norm(x))


def prepare(config):
    torch.manual_seed(0)
    batch, length, vocab = config["batch"], config["length"], config["vocab"]
    model = Model(config["hidden"], config["layers"], config["heads"], vocab, length)
    return training.step_of(model, batch, length, vocab)


peer.serve(prepare)
