/** Matrix products that wasm's own kernel leaves to plain loops. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  type BatchMatMulAttrs,
  broadcast_util,
  type KernelConfig,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import { floats, memoryOf, withScratch } from './memory.ts'
import { simdFunctions, TILE_COLUMNS, TILE_ROWS } from './simd/functions.ts'
import { wasmKernel } from './wasm-kernel.ts'

const FLOAT_BYTES = 4

/**
 * The TensorFlow.js kernel `BatchMatMul`: the original for the product of two matrices as they are, which takes
 * XNNPACK's way, and tiles for transposed ones and batches, about ten times as fast as the original.
 *
 * @param original the kernel of the backend.
 */
export function batchMatMul(original: KernelConfig): KernelConfig {
  return wasmKernel<{ a: TensorInfo; b: TensorInfo }, BatchMatMulAttrs>(
    'BatchMatMul',
    (backend, inputs, attributes) => {
      const { a, b } = inputs
      const isSingle = [a, b].every(({ shape }) => shape.slice(0, -2).every((length) => length === 1))
      const isPlain = isSingle && !attributes.transposeA && !attributes.transposeB
      if (isPlain || a.dtype !== 'float32' || b.dtype !== 'float32') {
        return original.kernelFunc({ backend, inputs: { a, b }, attrs: { ...attributes } }) as TensorInfo
      }
      return multiply(backend, a, b, attributes)
    },
  )
}

function multiply(
  backend: BackendWasm,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: BatchMatMulAttrs,
): TensorInfo {
  const [aBatches, bBatches] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  const [inner, rows] = transposeA ? [a.shape.at(-2)!, a.shape.at(-1)!] : [a.shape.at(-1)!, a.shape.at(-2)!]
  const [innerOfB, columns] = transposeB
    ? [b.shape.at(-1)!, b.shape.at(-2)!]
    : [b.shape.at(-2)!, b.shape.at(-1)!]
  util.assert(
    inner === innerOfB,
    () =>
      `BatchMatMul: the inner lengths ${inner} and ${innerOfB} of [${a.shape}] and [${b.shape}] must be equal`,
  )
  const outBatches = broadcast_util.assertAndGetBroadcastShape(aBatches, bBatches)
  const product = backend.makeOutput([...outBatches, rows, columns], 'float32')
  const [count, aCount, bCount] = [outBatches, aBatches, bBatches].map(sizeOf) as [number, number, number]
  const matrixBytes = columns * inner * FLOAT_BYTES
  withScratch(backend, transposeB ? bCount * matrixBytes : 0, (scratch) => {
    floats(backend, product).fill(0)
    if (transposeB) {
      const target = new Float32Array(memoryOf(backend).HEAPU8.buffer, scratch, bCount * columns * inner)
      transpose(floats(backend, b), target, bCount, columns, inner)
    }
    const start = {
      a: backend.getMemoryOffset(a.dataId),
      b: transposeB ? scratch : backend.getMemoryOffset(b.dataId),
      product: backend.getMemoryOffset(product.dataId),
    }
    for (let batch = 0; batch < count; batch++) {
      addProduct(backend, {
        a: start.a + (batch % aCount) * rows * inner * FLOAT_BYTES,
        b: start.b + (batch % bCount) * matrixBytes,
        product: start.product + batch * rows * columns * FLOAT_BYTES,
        sizes: { rows, inner, columns },
        aSteps: transposeA ? { row: 1, inner: rows } : { row: inner, inner: 1 },
      })
    }
  })
  return product
}

/** `[count, rows, columns]` → `[count, columns, rows]`. */
function transpose(from: Float32Array, to: Float32Array, count: number, rows: number, columns: number): void {
  let position = 0
  for (let matrix = 0; matrix < count; matrix++) {
    for (let column = 0; column < columns; column++) {
      const start = matrix * rows * columns + column
      for (let row = 0; row < rows; row++) to[position++] = from[start + row * columns]!
    }
  }
}

/** Adds the product of two matrices, of which b is not transposed, at given addresses; steps count elements. */
function addProduct(
  backend: BackendWasm,
  matrices: {
    a: number
    b: number
    product: number
    sizes: { rows: number; inner: number; columns: number }
    aSteps: { row: number; inner: number }
  },
): void {
  const { a, b, product, sizes, aSteps } = matrices
  if (sizes.inner === 0) return
  const { wideProductTiles, narrowProductTiles } = simdFunctions(backend)
  const columnBytes = sizes.columns * FLOAT_BYTES
  for (let row = 0; row < sizes.rows; row += TILE_ROWS) {
    const height = Math.min(TILE_ROWS, sizes.rows - row)
    let column = 0
    while (column < sizes.columns) {
      const isWide = column + TILE_COLUMNS <= sizes.columns
      const addTile = (isWide ? wideProductTiles : narrowProductTiles)[height - 1]!
      addTile(
        a + row * aSteps.row * FLOAT_BYTES,
        b + column * FLOAT_BYTES,
        product + row * columnBytes + column * FLOAT_BYTES,
        ...([1, 1, sizes.inner] as const),
        ...([aSteps.inner * FLOAT_BYTES, 0, 0] as const),
        ...([columnBytes, 0, 0] as const),
        aSteps.row * FLOAT_BYTES,
        columnBytes,
      )
      column += isWide ? TILE_COLUMNS : 1
    }
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
