"""Writes JPEG files that are as much work to decode as photographs: smooth colours, edges and fine texture.

usage: python photos.py FOLDER COUNT
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT, QUALITY = 400, 300, 90


def smooth(random, rows, columns):
    """A random field [HEIGHT, WIDTH, 3] in [0, 1], without detail finer than its grid."""
    grid = Image.fromarray(random.integers(0, 256, (rows, columns, 3), dtype=np.uint8))
    return np.asarray(grid.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)) / 255


def photo(random):
    picture = smooth(random, 3, 4)
    for _ in range(8):  # objects with sharp outlines
        mask = smooth(random, 6, 8)[..., :1] > random.uniform(0.6, 0.8)
        picture = np.where(mask, smooth(random, 4, 6), picture)
    texture = smooth(random, 75, 100) - 0.5
    grain = random.normal(0, 0.02, (HEIGHT, WIDTH, 1))
    return np.clip(picture + 0.15 * texture + grain, 0, 1)


folder, count = Path(sys.argv[1]), int(sys.argv[2])
for number in range(count):
    pixels = (255 * photo(np.random.default_rng(number))).astype(np.uint8)
    Image.fromarray(pixels).save(folder / f"{number:05}.jpg", quality=QUALITY)
