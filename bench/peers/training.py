"""The training step that every model of the step comparison is given: eager, AdamW, clipped, the same random text."""
import torch
import torch.nn.functional as F


def step_of(model, batch, length, vocab):
    """Returns (step, tokens of a step), as peer.serve wants it."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1)
    ids = torch.randint(0, vocab, (batch, length + 1))

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits = model(ids[:, :-1])
        F.cross_entropy(logits.reshape(-1, vocab), ids[:, 1:].reshape(-1)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step, batch * length
