#!/usr/bin/env python3
"""The peers of the hashing benchmark, in GB/s over a file: OpenSSL's SHA-256, or b3sum (BLAKE3's own, if installed)."""
import hashlib
import subprocess

import peer


def prepare(config):
    path, giga = config["path"], config["bytes"] * 1e-9
    if config["program"] == "b3sum":
        command = ["b3sum", "--num-threads", str(config["threads"]), path]
        return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), giga
    with open(path, "rb") as file:
        data = file.read()
    return lambda: hashlib.sha256(data).digest(), giga


peer.serve(prepare)
