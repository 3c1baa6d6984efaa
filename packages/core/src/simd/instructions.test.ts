import { expect, test } from 'vitest'
import { instantiate } from './instantiate.ts'
import { f32x4, f64, f64x2, i8x16, i16x8, i32 } from './instructions.ts'
import type { Code, FunctionDefinition } from './module.ts'

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Memory: new (size: { initial: number }) => { buffer: ArrayBuffer } }
}
const memory = new WebAssembly.Memory({ initial: 1 })
const floats = new Float32Array(memory.buffer)
const [left, right, third, result] = [0, 16, 32, 48]

/** What `value` leaves, if the vectors at 0, 16 and 32 hold these numbers. */
function computed(value: Code, ...operands: readonly (readonly number[])[]): number[] {
  operands.forEach((operand, i) => {
    floats.set(operand, 4 * i)
  })
  const definition: FunctionDefinition = {
    parameters: 0,
    body: () => [f32x4.store(i32.constant(result), value)],
  }
  instantiate({ run: definition }, memory).run()
  return Array.from(floats.subarray(result / 4, result / 4 + 4))
}

const [a, b, c] = [left, right, third].map((address) => f32x4.load(i32.constant(address))) as [
  Code,
  Code,
  Code,
]
const x = [1, -2, 3.5, -0.25]
const y = [4, -8, -7, 0.5]

test('arithmetic of four float32', () => {
  expect(computed(f32x4.divide(a, b), x, y)).toEqual([0.25, 0.25, -0.5, -0.5])
  expect(computed(f32x4.absolute(a), x)).toEqual([1, 2, 3.5, 0.25])
  expect(computed(f32x4.negate(a), x)).toEqual([-1, 2, -3.5, 0.25])
  expect(computed(f32x4.pseudoMinimum(a, b), x, y)).toEqual([1, -8, -7, -0.25])
  expect(computed(f32x4.pseudoMaximum(a, b), x, y)).toEqual([4, -2, 3.5, 0.5])
  expect(computed(f32x4.constant(0.75))).toEqual([0.75, 0.75, 0.75, 0.75])
})

test('pseudo extremes keep a NaN on the left', () => {
  const none = new Array(4).fill(Number.NaN)
  expect(computed(f32x4.pseudoMinimum(a, b), none, y)).toEqual(none)
  expect(computed(f32x4.pseudoMaximum(a, b), none, y)).toEqual(none)
})

test('select takes the second operand where the comparison fails', () => {
  const smaller = f32x4.select(b, a, f32x4.greaterEqual(a, b))
  expect(computed(smaller, x, y)).toEqual([1, -8, -7, -0.25])
  expect(computed(f32x4.select(a, b, f32x4.greaterEqual(c, c)), x, y, [0, Number.NaN, 0, 0])).toEqual([
    1, -8, 3.5, -0.25,
  ])
})

test('shuffle picks lanes of both operands', () => {
  expect(computed(f32x4.shuffle(a, b, [7, 0, 3, 4]), x, y)).toEqual([0.5, 1, -0.25, 4])
})

test('bytes widen to floats in their order', () => {
  new Uint8Array(memory.buffer).set([...Array(15).keys(), 255])
  const bytes = i8x16.load(i32.constant(left))
  const wide = [i8x16.widenLow(bytes), i8x16.widenHigh(bytes)].flatMap((half) => [
    i16x8.widenLow(half),
    i16x8.widenHigh(half),
  ])
  const all = wide.flatMap((four) => computed(f32x4.convert(four)))
  expect(all).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255])
})

test('halves of a vector become float64, which are added exactly', () => {
  const sums = f64x2.add(f64x2.promoteLow(a), f64x2.promoteHigh(a))
  const total = f64.demote(f64.add(f64x2.extract(sums, 0), f64x2.extract(sums, 1)))
  expect(computed(f32x4.splat(total), [2 ** 30, 1, -(2 ** 30), 2])[0]).toBe(3)
})

test('functions take floats', () => {
  const definition: FunctionDefinition = {
    parameters: ['i32', 'f32', 'f64'],
    body: ([address, single, double]) => [
      f32x4.store(address!.get, f32x4.add(f32x4.splat(single!.get), f32x4.splat(f64.demote(double!.get)))),
    ],
  }
  instantiate({ run: definition }, memory).run(result, 0.5, 0.125)
  expect(floats[result / 4 + 3]).toBe(0.625)
})

test('floats to whole numbers and bytes', () => {
  expect(computed(f32x4.nearest(a), [0.5, 1.5, -2.5, 2.51])).toEqual([0, 2, -2, 3])
  expect(computed(f32x4.convert(f32x4.truncate(a)), [1.9, -0, 70000.5, 2 ** 24])).toEqual([
    1,
    0,
    70000,
    2 ** 24,
  ])
  const sixteenBits = i16x8.narrow(f32x4.truncate(a), f32x4.truncate(b))
  const bytes = computed(i8x16.narrow(sixteenBits, sixteenBits), [-3, 0, 300, 7], [1e9, -1e9, 128, 7])
  expect([...new Uint8Array(Float32Array.from(bytes).buffer)].slice(0, 8)).toEqual([
    0, 0, 255, 7, 255, 0, 128, 7,
  ])
})
