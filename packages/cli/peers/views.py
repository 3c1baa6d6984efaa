"""Two augmented views of every image, as torchvision or kornia makes them: peers of `simclr bench augment` and `data`.

usage: python views.py torchvision|torchvision-tensors|kornia CASE, with CASE as JSON (see src/bench/view-case.ts)
A step is a pass over the images. The composition is SimCLR's (appendix A) in each library's own terms, and what is timed
ends with float32 batches [2N, 3, size, size].
"""
import json
import sys
from pathlib import Path

import kornia
import numpy as np
import torch
import torchvision
from kornia import augmentation as K
from PIL import Image
from protocol import answer
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2


class Torchvision:
    """One image after the other, as PIL images until the end."""

    name = f"torchvision {torchvision.__version__}, PIL images"
    begin = v2.Identity()

    def __init__(self, size, strength, blur):
        self.transform = v2.Compose([
            self.begin,
            v2.RandomResizedCrop(size, interpolation=v2.InterpolationMode.BICUBIC, antialias=True),
            v2.RandomHorizontalFlip(),
            v2.RandomApply([v2.ColorJitter(*color_jitter(strength))], p=0.8),
            v2.RandomGrayscale(0.2),
            *([v2.RandomApply([v2.GaussianBlur(blur_kernel(size), (0.1, 2.0))], p=0.5)] if blur else []),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
        ])

    def prepare(self, image):
        return self.transform(image), self.transform(image)

    def views(self, batch):
        return torch.cat(batch)


class TorchvisionTensors(Torchvision):
    """The same on uint8 tensors, as torchvision's documentation recommends."""

    name = f"torchvision {torchvision.__version__}, uint8 tensors"
    begin = v2.PILToTensor()


class Kornia:
    """A batch at once. Its crop has no antialiasing; slicing is its faster way to crop."""

    name = f"kornia {kornia.__version__}"

    def __init__(self, size, strength, blur):
        self.transform = torch.nn.Sequential(
            K.RandomResizedCrop((size, size), resample="bicubic", align_corners=False, cropping_mode="slice"),
            K.RandomHorizontalFlip(),
            K.ColorJitter(*color_jitter(strength), p=0.8),
            K.RandomGrayscale(p=0.2),
            *([K.RandomGaussianBlur((blur_kernel(size),) * 2, (0.1, 2.0), p=0.5)] if blur else []),
        )

    def prepare(self, image):
        return v2.functional.pil_to_tensor(image)

    def views(self, batch):
        return self.transform(torch.cat([batch, batch]).float() / 255)


def color_jitter(strength):
    return 0.8 * strength, 0.8 * strength, 0.8 * strength, 0.2 * strength


def blur_kernel(size):
    """A tenth of the image, odd."""
    return size // 10 // 2 * 2 + 1


class Images(Dataset):
    """Files of a folder, decoded when they are asked for, or random images in memory."""

    def __init__(self, folder, count, size, prepare):
        random = np.random.default_rng(0)
        self.images = (sorted(Path(folder).iterdir()) if folder else
                       [random.integers(0, 256, (size, size, 3), dtype=np.uint8) for _ in range(count)])
        self.prepare = prepare

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.images[index]
        in_memory = isinstance(image, np.ndarray)
        return self.prepare(Image.fromarray(image) if in_memory else Image.open(image).convert("RGB"))


def main():
    case = json.loads(sys.argv[2])
    torch.set_num_threads(case["threads"])
    torch.manual_seed(0)
    peers = {"torchvision": Torchvision, "torchvision-tensors": TorchvisionTensors, "kornia": Kornia}
    peer = peers[sys.argv[1]](case["size"], case["strength"], case["blur"])
    images = Images(case["folder"], case["images"], case["size"], peer.prepare)
    workers = case["workers"]
    loader = DataLoader(images, case["batchSize"], shuffle=True, num_workers=workers, persistent_workers=workers > 0)

    def one_pass():
        for batch in loader:
            peer.views(batch)

    processes = f", DataLoader with {workers} workers" if workers else ""
    answer(peer.name + processes, one_pass)


main()
