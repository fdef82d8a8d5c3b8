"""What every peer script speaks: lines on standard input, one number per "go" on standard output.

A line of JSON configures: {"threads": T, "seconds": S, ...}; it may come again and then replaces what went before. A
line "go" measures for S seconds and prints one number. Anything else, or the end of the input, ends the script.
"""
import json
import sys
import time

import torch


def serve(prepare):
    """prepare(config) returns (once, amount): a call to repeat, and how much of the row's unit each call is."""
    for line in sys.stdin:
        if line.startswith("{"):
            config = json.loads(line)
            torch.set_num_threads(config["threads"])
            once, amount = prepare(config)
            for _ in range(3):
                once()
        elif line.strip() == "go":
            start, runs = time.perf_counter(), 0
            while True:
                once()
                runs += 1
                elapsed = time.perf_counter() - start
                if elapsed >= config["seconds"]:
                    break
            print(amount * runs / elapsed, flush=True)
        else:
            break
