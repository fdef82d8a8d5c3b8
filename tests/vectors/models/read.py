#!/usr/bin/env python3
"""Loads folders that Starling saved into the PyTorch modules of make.py, with a reader written from the format's public
description, and compares logits. Run by hand:

    STARLING_WRITE_MODELS=/tmp/models dotnet TESTS.dll -class "*HuggingFaceFolderTests"
    python3 read.py /tmp/models/*
"""
import json
import pathlib
import struct
import sys

import torch

import make

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def read(path):
    raw = path.read_bytes()
    length, = struct.unpack("<Q", raw[:8])
    header, data = json.loads(raw[8:8 + length]), raw[8 + length:]
    header.pop("__metadata__", None)
    tensors, end = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        first, last = entry["data_offsets"]
        assert first == end, name
        end = last
        flat = torch.frombuffer(bytearray(data[first:last]), dtype=TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).float()
    assert end == len(data)
    return tensors


def load(folder):
    config = json.loads((folder / "config.json").read_text())
    index = folder / "model.safetensors.index.json"
    if index.exists():
        places = json.loads(index.read_text())["weight_map"]
        files = {file: read(folder / file) for file in set(places.values())}
        assert sum(len(tensors) for tensors in files.values()) == len(places)
        weights = {name: files[file][name] for name, file in places.items()}
    else:
        weights = read(folder / "model.safetensors")
    config.setdefault("head_dim", config.get("hidden_size", 0) // config.get("num_attention_heads", 1))
    model = make.Gpt2(config) if config["model_type"] == "gpt2" else make.Llama(config)
    model.load_state_dict(weights, strict=True)
    return model.double()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        folder = pathlib.Path(name)
        expected = json.loads((folder / "logits.json").read_text())
        with torch.no_grad():
            logits = load(folder)(torch.tensor(expected["tokens"]))
        ours = torch.tensor(expected["logits"], dtype=torch.float64)
        error = ((logits - ours).abs().max() / logits.abs().max()).item()
        print(f"{folder.name}: largest difference {error:.1e} of the largest logit")
        assert error < 1e-4
