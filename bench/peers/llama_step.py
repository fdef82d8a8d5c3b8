#!/usr/bin/env python3
"""The peer of the training-step benchmark: the same decoder in eager PyTorch.

Reads one JSON object from standard input (hidden_size, num_hidden_layers, num_attention_heads, intermediate_size,
vocab_size, batch_size, max_length, threads, seconds) and prints one number per line, the tokens per second of each
measured stretch, whenever a line "go" arrives; so that the caller can alternate it with its own stretches.
"""
import json
import math
import sys
import time

import torch
import torch.nn.functional as F

config = json.loads(sys.stdin.readline())
torch.set_num_threads(config["threads"])
torch.manual_seed(0)
hidden, layers, heads = config["hidden_size"], config["num_hidden_layers"], config["num_attention_heads"]
ffn, vocab = config["intermediate_size"], config["vocab_size"]
batch, length = config["batch_size"], config["max_length"]
size = hidden // heads


class Norm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(hidden))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


def rotate(x, cos, sin):
    a, b = x[..., : size // 2], x[..., size // 2:]
    return x * cos + torch.cat((-b, a), -1) * sin


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = Norm(), Norm()
        self.q, self.k, self.v, self.o = (torch.nn.Linear(hidden, hidden, bias=False) for _ in range(4))
        self.gate, self.up = (torch.nn.Linear(hidden, ffn, bias=False) for _ in range(2))
        self.down = torch.nn.Linear(ffn, hidden, bias=False)

    def forward(self, x, cos, sin, mask):
        h = self.norm1(x)
        q, k, v = (f(h).view(batch, length, heads, size).transpose(1, 2) for f in (self.q, self.k, self.v))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        p = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(size) + mask, -1)
        x = x + self.o((p @ v).transpose(1, 2).reshape(batch, length, hidden))
        h = self.norm2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(vocab, hidden)
        self.blocks = torch.nn.ModuleList(Block() for _ in range(layers))
        self.norm = Norm()
        self.head = torch.nn.Linear(hidden, vocab, bias=False)
        angles = torch.outer(torch.arange(length), 10000.0 ** (-torch.arange(0, size, 2) / size))
        self.cos, self.sin = (torch.cat((f(angles), f(angles)), -1) for f in (torch.cos, torch.sin))
        self.mask = torch.full((length, length), float("-inf")).triu(1)

    def forward(self, ids):
        x = self.embed(ids)
        for block in self.blocks:
            x = block(x, self.cos, self.sin, self.mask)
        return self.head(self.norm(x))


model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
ids = torch.randint(0, vocab, (batch, length + 1))


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(model(ids[:, :-1]).reshape(-1, vocab), ids[:, 1:].reshape(-1))
    loss.backward()
    optimizer.step()


for _ in range(3):
    step()
for line in sys.stdin:
    if line.strip() != "go":
        break
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < config["seconds"]:
        step()
        steps += 1
    print(steps * batch * length / (time.perf_counter() - start), flush=True)
