/** Images that the program draws itself, for trying things out: nothing to download, any number, from a seed. */
import { checkInteger, RandomKey } from '@simclr/core'
import type { Dataset } from './dataset.ts'
import { drawSynthetic, type SyntheticMotif } from './draw-synthetic.ts'
import { type MemorySplit, memoryDataset } from './memory-dataset.ts'
import { shapes } from './shapes.ts'
import { textures } from './textures.ts'

export interface SyntheticOptions {
  /** Training images, default 10000. */
  readonly count?: number
  /** Test images, default 2000. */
  readonly testCount?: number
  /** Decides every image, default 0. */
  readonly seed?: number
  /** Side in pixels, default 32. */
  readonly size?: number
}

/**
 * A dataset in memory of nine classes, three shapes in three textures each ("striped ring"), drawn one class after the
 * other so that any multiple of nine images is balanced.
 *
 * The class shows in outline and pattern only. Colours, lightness, position, size, tilt and background are drawn apart
 * from it: raw pixels and an untrained network tell little, and what SimCLR's augmentations hide is what does not matter.
 *
 * @returns the training split; nothing needs closing.
 * @throws SimclrError for a count below 1 or a size below 8.
 */
export function synthetic(options: SyntheticOptions = {}): Dataset {
  const { count = 10_000, testCount = 2_000, seed = 0, size = 32 } = options
  checkInteger('synthetic: count', count, 1)
  checkInteger('synthetic: testCount', testCount, 1)
  checkInteger('synthetic: size', size, 8)
  const key = RandomKey.fromSeed(seed).fold('synthetic')
  return memoryDataset({
    name: 'synthetic',
    imageSize: { height: size, width: size },
    classes: Object.keys(motifs),
    train: drawSplit(key.fold('train'), count, size),
    test: drawSplit(key.fold('test'), testCount, size),
  })
}

const motifs: Readonly<Record<string, SyntheticMotif>> = Object.fromEntries(
  Object.entries(textures).flatMap(([adjective, texture]) =>
    Object.entries(shapes).map(([noun, shape]) => [`${adjective} ${noun}`, { shape, texture }]),
  ),
)

function drawSplit(key: RandomKey, count: number, size: number): MemorySplit {
  const kinds = Object.values(motifs)
  const stride = size * size * 3
  const images = new Uint8Array(count * stride)
  const labels = Int32Array.from({ length: count }, (_, i) => i % kinds.length)
  for (let i = 0; i < count; i++) {
    drawSynthetic(key.fold(i), kinds[labels[i]!]!, size, images.subarray(i * stride, (i + 1) * stride))
  }
  return { images, labels }
}
