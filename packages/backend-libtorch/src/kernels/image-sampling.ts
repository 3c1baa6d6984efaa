/**
 * Images made of weighted pixels of other images. Which pixels is worked out in JavaScript, in double precision as tfjs
 * does; the pixels themselves never leave torch.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { StoredType } from '../data-type.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'

/** One source pixel for each output pixel, or one source row (or column) for each output row (or column). */
export interface Tap {
  /** Index of the source. */
  readonly positions: readonly number[]
  /** What the source is multiplied by. */
  readonly weights: readonly number[]
}

/** The pixel taps of all rows with all columns, row-major; `position` finds the pixel in a row and column. */
export function combineTaps(
  rows: readonly Tap[],
  columns: readonly Tap[],
  position: (row: number, column: number) => number,
): Tap[] {
  return rows.flatMap((row) =>
    columns.map((column) => ({
      positions: row.positions.flatMap((y) => column.positions.map((x) => position(y, x))),
      weights: row.weights.flatMap((a) => column.weights.map((b) => a * b)),
    })),
  )
}

/** The pixels of images [N, H, W, C] as [batch, N·H·W / batch, C], float32. */
export function pixelsOf(backend: LibtorchBackend, images: TensorInfo, batch: number): Handle {
  const { torch } = backend
  const channels = images.shape[3]!
  const pixels = images.shape.slice(0, 3).reduce((product, size) => product * size, 1) / Math.max(batch, 1)
  return torch.call('reshape', cast(torch, backend.handle(images), 'float32'), [batch, pixels, channels])
}

/** Sums of weighted source pixels: [batch, sources, channels] → [batch, outputs, channels]. */
export function samplePixels(torch: Torch, pixels: Handle, taps: readonly Tap[]): Handle {
  return taps
    .map((tap) => weigh(torch, torch.call('index_select', pixels, 1, positionsOf(torch, tap)), tap))
    .reduce((sum, term) => torch.add(sum, term))
}

/** The gradient of `samplePixels` for its pixels, whose shape is [batch, sources, channels]. */
export function samplePixelsGradient(
  torch: Torch,
  dy: Handle,
  taps: readonly Tap[],
  [batch, sources, channels]: readonly [number, number, number],
): Handle {
  const zeros = torch.call('expand', torch.constant(0), [batch, sources, channels], false)
  return taps.reduce((sum, tap) => {
    const column = torch.call('reshape', positionsOf(torch, tap), [1, -1, 1])
    const index = torch.call('expand', column, [batch, tap.positions.length, channels], false)
    return torch.call('scatter_add', sum, 1, index, weigh(torch, dy, tap))
  }, zeros)
}

function positionsOf(torch: Torch, { positions }: Tap): Handle {
  return hostTensor(torch, Int32Array.from(positions), [positions.length], 'int64')
}

/** `pixels` [batch, outputs, channels] times the weights of the outputs. */
function weigh(torch: Torch, pixels: Handle, { weights }: Tap): Handle {
  const column = hostTensor(torch, Float32Array.from(weights), [weights.length, 1], 'float32')
  return torch.call('mul.Tensor', pixels, column)
}

/** A torch tensor of values from JavaScript. */
export function hostTensor(
  torch: Torch,
  values: Float32Array | Int32Array,
  shape: readonly number[],
  type: StoredType | 'int64',
): Handle {
  return torch.tensor(values, shape, {
    source: values instanceof Int32Array ? 'int32' : 'float32',
    target: type,
  })
}
