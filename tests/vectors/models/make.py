#!/usr/bin/env python3
"""Makes the checkpoints of this folder: small random models in plain PyTorch modules, written from the published
definitions of GPT-2, Llama and Qwen2, saved as the Hugging Face layout has them, with their logits in double precision.

    python3 make.py            # writes gpt2/, llama/, qwen2/ beside itself

Needs only PyTorch (Debian's python3-torch); the safetensors file is written from the format's public description.
"""
import json
import math
import pathlib
import struct

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
TYPES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.bool: "BOOL"}


def save(path, tensors):
    header, offset, parts = {"__metadata__": {"format": "pt"}}, 0, []
    for name, tensor in tensors.items():
        flat = tensor.detach().contiguous()
        raw = bytes((flat.view(torch.int16) if flat.dtype == torch.bfloat16 else flat).numpy().tobytes())
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(raw)]}
        offset += len(raw)
        parts.append(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


class Conv1D(torch.nn.Module):
    """GPT-2's projection: weight is (in, out)."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(inputs, outputs) * 0.3)
        self.bias = torch.nn.Parameter(torch.randn(outputs) * 0.1)

    def forward(self, x):
        return x @ self.weight + self.bias


def gelu_new(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def attend(q, k, v):
    """(heads, length, size) each; causal."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    mask = torch.full(scores.shape[-2:], float("-inf"), dtype=q.dtype).triu(1)
    return torch.softmax(scores + mask, -1) @ v


class Gpt2Block(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        n = c["n_embd"]
        self.heads = c["n_head"]
        self.ln_1 = torch.nn.LayerNorm(n, c["layer_norm_epsilon"])
        self.attn = torch.nn.ModuleDict({"c_attn": Conv1D(n, 3 * n), "c_proj": Conv1D(n, n)})
        self.ln_2 = torch.nn.LayerNorm(n, c["layer_norm_epsilon"])
        inner = c.get("n_inner") or 4 * n
        self.mlp = torch.nn.ModuleDict({"c_fc": Conv1D(n, inner), "c_proj": Conv1D(inner, n)})

    def forward(self, x):
        length, n = x.shape
        q, k, v = (t.view(length, self.heads, -1).transpose(0, 1) for t in self.attn["c_attn"](self.ln_1(x)).split(n, -1))
        x = x + self.attn["c_proj"](attend(q, k, v).transpose(0, 1).reshape(length, n))
        return x + self.mlp["c_proj"](gelu_new(self.mlp["c_fc"](self.ln_2(x))))


class Gpt2(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        body = torch.nn.Module()
        body.wte = torch.nn.Embedding(c["vocab_size"], c["n_embd"])
        body.wpe = torch.nn.Embedding(c["n_positions"], c["n_embd"])
        body.h = torch.nn.ModuleList(Gpt2Block(c) for _ in range(c["n_layer"]))
        body.ln_f = torch.nn.LayerNorm(c["n_embd"], c["layer_norm_epsilon"])
        self.transformer = body

    def forward(self, ids):
        body = self.transformer
        x = body.wte(ids) + body.wpe(torch.arange(len(ids)))
        for block in body.h:
            x = block(x)
        return body.ln_f(x) @ body.wte.weight.T


def frequencies(c):
    """Rotary frequencies in fp32, scaled as rope_scaling says."""
    size, theta = c["head_dim"], c["rope_theta"]
    pairs = torch.arange(0, size, 2, dtype=torch.float32)
    plain = 1.0 / (theta ** (pairs / size))
    scaling = c.get("rope_scaling")
    if scaling is None:
        return plain
    factor = scaling["factor"]
    if scaling["rope_type"] == "linear":
        return plain / factor
    old = scaling["original_max_position_embeddings"]
    if scaling["rope_type"] == "llama3":
        low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
        wavelength = 2 * math.pi / plain
        scaled = torch.where(wavelength > old / low, plain / factor, plain)
        smooth = (old / wavelength - low) / (high - low)
        between = ~(wavelength < old / high) & ~(wavelength > old / low)
        return torch.where(between, (1 - smooth) * scaled / factor + smooth * scaled, scaled)

    def dimension(rotations):
        return size * math.log(old / (rotations * 2 * math.pi)) / (2 * math.log(theta))

    low = max(math.floor(dimension(scaling.get("beta_fast", 32))), 0)
    high = min(math.ceil(dimension(scaling.get("beta_slow", 1))), size - 1)
    ramp = torch.clamp((torch.arange(size // 2, dtype=torch.float32) - low) / (high - low), 0, 1)
    return plain / factor * ramp + plain * (1 - ramp)


def amplitude(c):
    scaling = c.get("rope_scaling") or {}
    return 0.1 * math.log(scaling["factor"]) + 1 if scaling.get("rope_type") == "yarn" else 1.0


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat((-b, a), -1) * sin


class RmsNorm(torch.nn.Module):
    def __init__(self, n, eps):
        super().__init__()
        self.weight = torch.nn.Parameter(1 + torch.randn(n) * 0.1)
        self.eps = eps

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps))


def linear(inputs, outputs, bias):
    layer = torch.nn.Linear(inputs, outputs, bias=bias)
    torch.nn.init.normal_(layer.weight, std=0.3)
    if bias:
        torch.nn.init.normal_(layer.bias, std=0.5)
    return layer


class LlamaBlock(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        n, inner, size = c["hidden_size"], c["intermediate_size"], c["head_dim"]
        heads, key_heads = c["num_attention_heads"], c["num_key_value_heads"]
        qwen = c["model_type"] == "qwen2"
        inputs, outputs = qwen or c["attention_bias"], not qwen and c["attention_bias"]
        mlp = not qwen and c["mlp_bias"]
        self.size = size
        self.input_layernorm = RmsNorm(n, c["rms_norm_eps"])
        self.self_attn = torch.nn.ModuleDict({
            "q_proj": linear(n, heads * size, inputs), "k_proj": linear(n, key_heads * size, inputs),
            "v_proj": linear(n, key_heads * size, inputs), "o_proj": linear(heads * size, n, outputs)})
        self.post_attention_layernorm = RmsNorm(n, c["rms_norm_eps"])
        self.mlp = torch.nn.ModuleDict({
            "gate_proj": linear(n, inner, mlp), "up_proj": linear(n, inner, mlp), "down_proj": linear(inner, n, mlp)})

    def forward(self, x, cos, sin):
        h = self.input_layernorm(x)
        q, k, v = (self.self_attn[f](h).view(len(x), -1, self.size).transpose(0, 1) for f in ("q_proj", "k_proj", "v_proj"))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        group = q.shape[0] // k.shape[0]
        mixed = attend(q, k.repeat_interleave(group, 0), v.repeat_interleave(group, 0))
        x = x + self.self_attn["o_proj"](mixed.transpose(0, 1).reshape(len(x), -1))
        h = self.post_attention_layernorm(x)
        return x + self.mlp["down_proj"](F.silu(self.mlp["gate_proj"](h)) * self.mlp["up_proj"](h))


class Llama(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        self.config = c
        body = torch.nn.Module()
        body.embed_tokens = torch.nn.Embedding(c["vocab_size"], c["hidden_size"])
        body.layers = torch.nn.ModuleList(LlamaBlock(c) for _ in range(c["num_hidden_layers"]))
        body.norm = RmsNorm(c["hidden_size"], c["rms_norm_eps"])
        self.model = body
        if not c["tie_word_embeddings"]:
            self.lm_head = linear(c["hidden_size"], c["vocab_size"], False)

    def forward(self, ids):
        body = self.model
        x = body.embed_tokens(ids)
        angles = torch.outer(torch.arange(len(ids), dtype=torch.float32), frequencies(self.config))
        angles = torch.cat((angles, angles), -1).to(x.dtype)
        cos, sin = (f(angles) * amplitude(self.config) for f in (torch.cos, torch.sin))
        for block in body.layers:
            x = block(x, cos, sin)
        head = body.embed_tokens.weight if self.config["tie_word_embeddings"] else self.lm_head.weight
        return body.norm(x) @ head.T


def make(name, config, model, dtype, length, extra=None):
    """Rounds the weights to the stored type, then computes with exactly what is stored."""
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    stored = {key: value.to(dtype) for key, value in model.state_dict().items()}
    model.load_state_dict({key: value.float() for key, value in stored.items()})
    stored.update(extra or {})
    save(folder / "model.safetensors", stored)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tokens = torch.randint(0, config["vocab_size"], (length,))
    with torch.no_grad():
        logits = model.double()(tokens)
    rows = [[float(f"{value:.9g}") for value in row] for row in logits.tolist()]
    (folder / "logits.json").write_text(json.dumps({"tokens": tokens.tolist(), "logits": rows}) + "\n")
    return model, tokens


def gradients(name, model, tokens):
    """Loss and gradients of the next-token cross-entropy, in double precision, stored as fp32."""
    model.zero_grad()
    loss = F.cross_entropy(model(tokens[:-1]), tokens[1:])
    loss.backward()
    save(HERE / name / "gradients.safetensors", {name: p.grad.float() for name, p in model.named_parameters()})
    (HERE / name / "loss.json").write_text(json.dumps({"loss": loss.item()}) + "\n")


def gpt2():
    config = {
        "activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 47,
        "embd_pdrop": 0.1, "eos_token_id": 47, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05,
        "model_type": "gpt2", "n_ctx": 24, "n_embd": 24, "n_head": 3, "n_layer": 2, "n_positions": 24,
        "resid_pdrop": 0.1, "summary_type": "cls_index", "task_specific_params": {"text-generation": {"do_sample": True}},
        "vocab_size": 48,
    }
    torch.manual_seed(1)
    model = Gpt2(config)
    for norm in [m for m in model.modules() if isinstance(m, torch.nn.LayerNorm)]:
        torch.nn.init.normal_(norm.weight, 1, 0.1)
        torch.nn.init.normal_(norm.bias, 0, 0.1)
    # Buffers that published GPT-2 checkpoints carry.
    buffers = {f"transformer.h.{i}.attn.bias": torch.ones(1, 1, 24, 24, dtype=torch.bool).tril() for i in range(2)}
    buffers.update({f"transformer.h.{i}.attn.masked_bias": torch.tensor(-1e4) for i in range(2)})
    gradients("gpt2", *make("gpt2", config, model, torch.float32, 24, buffers))


def llama():
    config = {
        "architectures": ["LlamaForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 1,
        "eos_token_id": [2, 3], "head_dim": 8, "hidden_act": "silu", "hidden_size": 32, "initializer_range": 0.02,
        "intermediate_size": 56, "max_position_embeddings": 256, "mlp_bias": False, "model_type": "llama",
        "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": 2, "pretraining_tp": 1,
        "rms_norm_eps": 1e-05,
        "rope_scaling": {"factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                         "original_max_position_embeddings": 64, "rope_type": "llama3"},
        "rope_theta": 500.0, "tie_word_embeddings": True, "torch_dtype": "bfloat16", "use_cache": True, "vocab_size": 64,
    }
    torch.manual_seed(2)
    make("llama", config, Llama(config), torch.bfloat16, 40)
    torch.manual_seed(4)
    biased = dict(config, attention_bias=True, mlp_bias=True, tie_word_embeddings=False, torch_dtype="float32",
                  num_key_value_heads=1, rope_scaling={"type": "linear", "rope_type": "linear", "factor": 2.5})
    gradients("llama-biased", *make("llama-biased", biased, Llama(biased), torch.float32, 20))


def qwen2():
    config = {
        "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 60, "eos_token_id": 61,
        "hidden_act": "silu", "hidden_size": 32, "initializer_range": 0.02, "intermediate_size": 48,
        "max_position_embeddings": 128, "max_window_layers": 2, "model_type": "qwen2", "num_attention_heads": 4,
        "num_hidden_layers": 2, "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
        "sliding_window": 128, "tie_word_embeddings": True, "torch_dtype": "float16", "use_cache": True,
        "use_sliding_window": False, "vocab_size": 64,
    }
    torch.manual_seed(3)
    make("qwen2", config, Llama(dict(config, head_dim=8)), torch.float16, 30)
    torch.manual_seed(5)
    yarn = dict(config, rope_theta=1000.0, rope_scaling={
        "type": "yarn", "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "beta_fast": 8,
        "beta_slow": 1})
    gradients("qwen2-yarn", *make("qwen2-yarn", yarn, Llama(dict(yarn, head_dim=8)), torch.float16, 60))


if __name__ == "__main__":
    gpt2()
    llama()
    qwen2()
