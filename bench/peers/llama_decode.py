#!/usr/bin/env python3
"""The peer of the decoding benchmark: a plain Llama with a key-value cache in eager PyTorch, greedy.

Configuration (see peer.py for the protocol): hidden_size, num_hidden_layers, num_attention_heads, intermediate_size,
vocab_size, sequences, prompt, tokens. Prints decoded tokens per second, over all sequences; contexts run from prompt to
prompt + tokens. Embeddings are tied.
"""
import math

import torch
import torch.nn.functional as F

from peer import serve


def prepare(config):
    torch.manual_seed(0)
    hidden, layers, heads = config["hidden_size"], config["num_hidden_layers"], config["num_attention_heads"]
    ffn, vocab, sequences = config["intermediate_size"], config["vocab_size"], config["sequences"]
    prompt, tokens = config["prompt"], config["tokens"]
    size, capacity = hidden // heads, prompt + tokens

    def matrix(out, inputs):
        return torch.randn(out, inputs) * 0.02

    def layer():
        return {
            "q": matrix(hidden, hidden), "k": matrix(hidden, hidden), "v": matrix(hidden, hidden),
            "o": matrix(hidden, hidden), "gate": matrix(ffn, hidden), "up": matrix(ffn, hidden),
            "down": matrix(hidden, ffn), "norm1": torch.ones(hidden), "norm2": torch.ones(hidden),
            "keys": torch.randn(sequences, heads, capacity, size), "values": torch.randn(sequences, heads, capacity, size),
        }

    table, final, stack = matrix(vocab, hidden), torch.ones(hidden), [layer() for _ in range(layers)]
    angles = torch.outer(torch.arange(capacity), 10000.0 ** (-torch.arange(0, size, 2) / size))
    cos, sin = (torch.cat((f(angles), f(angles)), -1) for f in (torch.cos, torch.sin))

    def norm(x, gain):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * gain

    def rotate(x, at):
        a, b = x[..., : size // 2], x[..., size // 2:]
        return x * cos[at] + torch.cat((-b, a), -1) * sin[at]

    def decode(ids, at):
        x = table[ids]
        for w in stack:
            h = norm(x, w["norm1"])
            q, k, v = (F.linear(h, w[name]).view(sequences, heads, 1, size) for name in ("q", "k", "v"))
            w["keys"][:, :, at] = rotate(k, at).squeeze(2)
            w["values"][:, :, at] = v.squeeze(2)
            p = torch.softmax(rotate(q, at) @ w["keys"][:, :, : at + 1].transpose(-1, -2) / math.sqrt(size), -1)
            x = x + F.linear((p @ w["values"][:, :, : at + 1]).view(sequences, hidden), w["o"])
            h = norm(x, w["norm2"])
            x = x + F.linear(F.silu(F.linear(h, w["gate"])) * F.linear(h, w["up"]), w["down"])
        return F.linear(norm(x, final), table).argmax(-1)

    state = {"ids": torch.zeros(sequences, dtype=torch.long), "at": prompt}

    def once():
        with torch.inference_mode():
            state["ids"] = decode(state["ids"], state["at"])
        state["at"] = state["at"] + 1 if state["at"] + 1 < capacity else prompt

    return once, sequences


serve(prepare)
