"""NT-Xent and its gradient as lightly computes them in PyTorch: a peer of `simclr bench loss`.

usage: python loss.py ROWS THREADS
"""
import sys
from importlib.metadata import version

import torch
from lightly.loss import NTXentLoss
from protocol import answer

rows, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(0)
hidden = torch.randn(rows, 128, requires_grad=True)
criterion = NTXentLoss(temperature=0.5)


def step():
    hidden.grad = None
    loss = criterion(*hidden.chunk(2))
    loss.backward()
    return loss.item()


answer(f"lightly {version('lightly')}", step)
