"""One optimizer step over given parameters in PyTorch: the peer of `simclr bench optimizer`.

usage: python optimizer.py NAME SHAPES THREADS   (NAME lars or sgd; SHAPES a JSON list of [shape, adapted])
"""
import json
import sys

import torch
from protocol import answer

LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.1, 0.9, 1e-6


def lars(adapted, others):
    import lightly
    from lightly.utils.lars import LARS

    groups = [{"params": adapted, "weight_decay": WEIGHT_DECAY}, {"params": others}]
    return f"lightly {lightly.__version__} LARS", LARS(groups, lr=LEARNING_RATE, momentum=MOMENTUM)


def sgd(adapted, others):
    groups = [{"params": adapted, "weight_decay": WEIGHT_DECAY}, {"params": others}]
    optimizer = torch.optim.SGD(groups, lr=LEARNING_RATE, momentum=MOMENTUM, foreach=True)
    return f"torch {torch.__version__} foreach SGD", optimizer


def main():
    name, shapes, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    lists = {True: [], False: []}
    for shape, adapted in json.loads(shapes):
        parameter = torch.nn.Parameter(torch.full(shape, 0.5))
        parameter.grad = torch.full(shape, 0.01)
        lists[adapted].append(parameter)
    title, optimizer = {"lars": lars, "sgd": sgd}[name](lists[True], lists[False])
    answer(title, optimizer.step)


main()
