#!/usr/bin/env python3
"""The peer of the product benchmark: x . W^T in PyTorch. Protocol as in llama_step.py; prints GFLOP/s."""
import json
import sys
import time

import torch

config = json.loads(sys.stdin.readline())
torch.set_num_threads(config["threads"])
m, n, k = config["m"], config["n"], config["k"]
a, b = torch.randn(m, k), torch.randn(n, k).t()
for _ in range(3):
    a @ b
for line in sys.stdin:
    if line.strip() != "go":
        break
    start, runs = time.perf_counter(), 0
    while time.perf_counter() - start < config["seconds"]:
        a @ b
        runs += 1
    print(2e-9 * m * n * k * runs / (time.perf_counter() - start), flush=True)
