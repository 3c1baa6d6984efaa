"""One SimCLR training step with LARS in PyTorch eager, channels-last, float32: the peer of `simclr bench step`.

usage: python step.py DEPTH WIDTH STEM SIZE VIEWS THREADS
"""
import sys

import torch
from protocol import answer
from torch import nn
from torch.nn import functional as F

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}


def convolution(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class Basic(nn.Module):
    expansion = 1

    def __init__(self, inputs, width, stride, first):
        super().__init__()
        self.main = nn.Sequential(
            convolution(inputs, width, 3, stride), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
            convolution(width, width, 3), nn.BatchNorm2d(width))
        self.shortcut = nn.Sequential(
            convolution(inputs, width, 1, stride), nn.BatchNorm2d(width)) if first else nn.Identity()

    def forward(self, x):
        return F.relu(self.main(x) + self.shortcut(x), inplace=True)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, width, stride, first):
        super().__init__()
        outputs = 4 * width
        self.main = nn.Sequential(
            convolution(inputs, width, 1), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
            convolution(width, width, 3, stride), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
            convolution(width, outputs, 1), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Sequential(
            convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs)) if first else nn.Identity()

    def forward(self, x):
        return F.relu(self.main(x) + self.shortcut(x), inplace=True)


class Network(nn.Module):
    def __init__(self, depth, width, stem):
        super().__init__()
        base = round(64 * width)
        layers = [convolution(3, base, 3) if stem == "cifar" else convolution(3, base, 7, 2),
                  nn.BatchNorm2d(base), nn.ReLU(inplace=True)]
        if stem == "imagenet":
            layers.append(nn.MaxPool2d(3, 2, 1))
        block = Basic if depth < 50 else Bottleneck
        inputs = base
        for group, count in enumerate(DEPTHS[depth]):
            for index in range(count):
                layers.append(block(inputs, base * 2 ** group, 2 if group and not index else 1, not index))
                inputs = base * 2 ** group * block.expansion
        self.encoder = nn.Sequential(*layers)
        self.head = nn.Sequential(
            nn.Linear(inputs, inputs, bias=False), nn.BatchNorm1d(inputs), nn.ReLU(inplace=True),
            nn.Linear(inputs, 128, bias=False), nn.BatchNorm1d(128))

    def forward(self, x):
        return self.head(self.encoder(x).mean((2, 3)))


class Lars:
    """LARS over lists of tensors: one call per operation for the whole network."""

    def __init__(self, parameters, lr=0.01, momentum=0.9, weight_decay=1e-6, trust=0.001):
        self.adapted = [p for p in parameters if p.ndim > 1]
        self.others = [p for p in parameters if p.ndim == 1]
        self.velocities = [torch.zeros_like(p) for p in self.adapted + self.others]
        self.lr, self.momentum, self.weight_decay, self.trust = lr, momentum, weight_decay, trust

    @torch.no_grad()
    def step(self):
        gradients = [p.grad for p in self.adapted]
        torch._foreach_add_(gradients, self.adapted, alpha=self.weight_decay)
        weight_norms = torch.stack(torch._foreach_norm(self.adapted))
        gradient_norms = torch.stack(torch._foreach_norm(gradients))
        usable = torch.minimum(weight_norms, gradient_norms) > 0
        ratios = torch.where(usable, self.trust * weight_norms / gradient_norms, torch.ones_like(weight_norms))
        torch._foreach_mul_(gradients, list(ratios.unbind()))
        gradients += [p.grad for p in self.others]
        torch._foreach_mul_(gradients, self.lr)
        torch._foreach_mul_(self.velocities, self.momentum)
        torch._foreach_add_(self.velocities, gradients)
        torch._foreach_sub_(self.adapted + self.others, self.velocities)


def main():
    depth, width, stem, size, views, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    views = int(views)
    network = Network(int(depth), float(width), stem).to(memory_format=torch.channels_last)
    optimizer = Lars(list(network.parameters()))
    images = torch.rand(views, 3, int(size), int(size)).to(memory_format=torch.channels_last)
    partner = torch.arange(views).roll(views // 2)

    def step():
        hidden = F.normalize(network(images))
        similarities = (hidden @ hidden.T / 0.5).fill_diagonal_(-1e9)
        loss = F.cross_entropy(similarities, partner)
        network.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    answer(f"torch {torch.__version__}", step)


main()
