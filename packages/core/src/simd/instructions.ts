/** The WebAssembly instructions that our kernels use, as functions from operands to code. */
import { type Code, type Local, signed, unsigned } from './module.ts'

type Unary = (operand: Code) => Code
type Binary = (left: Code, right: Code) => Code
type Ternary = (first: Code, second: Code, third: Code) => Code

const SIMD = 0xfd
const scalar = (opcode: number): Code => [opcode]
const vector = (opcode: number): Code => [SIMD, ...unsigned(opcode)]
const unary =
  (operation: Code): Unary =>
  (operand) => [...operand, ...operation]
const binary =
  (operation: Code): Binary =>
  (left, right) => [...left, ...right, ...operation]
const extract =
  (operation: Code) =>
  (operand: Code, lane: number): Code => [...operand, ...operation, lane]
/** Bytes 0 to 15 are those of the left operand, 16 to 31 those of the right one. */
const shuffle = (left: Code, right: Code, bytes: readonly number[]): Code => [
  ...left,
  ...right,
  ...vector(0x0d),
  ...bytes,
]
/** Memory instructions carry an alignment, of which nothing is promised, and a constant offset in bytes. */
const load =
  (operation: Code) =>
  (address: Code, offset = 0): Code => [...address, ...operation, 0, ...unsigned(offset)]
const store =
  (operation: Code) =>
  (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...operation,
    0,
    ...unsigned(offset),
  ]

/** 32-bit whole numbers: addresses and counts. */
export const i32: {
  constant(value: number): Code
  load: Load
  add: Binary
  multiply: Binary
  equal: Binary
} = {
  constant: (value) => [0x41, ...signed(value)],
  load: load(scalar(0x28)),
  add: binary(scalar(0x6a)),
  multiply: binary(scalar(0x6c)),
  equal: binary(scalar(0x46)),
}

type Load = ReturnType<typeof load>
type Store = ReturnType<typeof store>
type Arithmetic = { load: Load; store: Store; add: Binary; multiply: Binary }
type FloatArithmetic = Arithmetic & {
  zero: Code
  subtract: Binary
  minimum: Binary
  maximum: Binary
  notEqual: Binary
}

/** One float32. */
export const f32: FloatArithmetic = {
  zero: [0x43, 0, 0, 0, 0],
  load: load(scalar(0x2a)),
  store: store(scalar(0x38)),
  add: binary(scalar(0x92)),
  subtract: binary(scalar(0x93)),
  multiply: binary(scalar(0x94)),
  minimum: binary(scalar(0x96)),
  maximum: binary(scalar(0x97)),
  notEqual: binary(scalar(0x5c)),
}

/** One float64; `promote` makes it from a float32, `demote` rounds it to one. */
export const f64: Arithmetic & { promote: Unary; demote: Unary } = {
  load: load(scalar(0x2b)),
  store: store(scalar(0x39)),
  add: binary(scalar(0xa0)),
  multiply: binary(scalar(0xa2)),
  promote: unary(scalar(0xbb)),
  demote: unary(scalar(0xb6)),
}

/** Four float32 at once. */
export const f32x4: FloatArithmetic & {
  /** One number in every lane. */
  constant(value: number): Code
  /** One float32 from memory in every lane. */
  loadSplat: Load
  splat: Unary
  divide: Binary
  absolute: Unary
  negate: Unary
  /** `right < left ? right : left`: one instruction on x86, where `minimum` takes seven to treat NaN and -0. */
  pseudoMinimum: Binary
  /** `left < right ? right : left`. */
  pseudoMaximum: Binary
  greaterEqual: Binary
  and: Binary
  /** Bits of the first operand where the third has ones, else those of the second. */
  select: Ternary
  /** Lanes 0 to 3 are those of the left operand, 4 to 7 those of the right one. */
  shuffle(left: Code, right: Code, lanes: readonly [number, number, number, number]): Code
  /** From whole numbers below 2^31. */
  convert: Unary
  /** To whole numbers as floats, halves to even ones. */
  nearest: Unary
  /** To whole numbers of 32 bits, towards 0; what they cannot hold becomes the nearest that they can. */
  truncate: Unary
} = {
  zero: [...vector(0x0c), ...Array<number>(16).fill(0)],
  constant: (value) => {
    const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer)
    return [...vector(0x0c), ...bytes]
  },
  load: load(vector(0x00)),
  loadSplat: load(vector(0x09)),
  splat: unary(vector(0x13)),
  store: store(vector(0x0b)),
  add: binary(vector(0xe4)),
  subtract: binary(vector(0xe5)),
  multiply: binary(vector(0xe6)),
  divide: binary(vector(0xe7)),
  absolute: unary(vector(0xe0)),
  negate: unary(vector(0xe1)),
  minimum: binary(vector(0xe8)),
  maximum: binary(vector(0xe9)),
  pseudoMinimum: binary(vector(0xea)),
  pseudoMaximum: binary(vector(0xeb)),
  notEqual: binary(vector(0x42)),
  greaterEqual: binary(vector(0x46)),
  and: binary(vector(0x4e)),
  select: (first, second, third) => [...first, ...second, ...third, ...vector(0x52)],
  shuffle: (left, right, lanes) =>
    shuffle(
      left,
      right,
      lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
    ),
  convert: unary(vector(0xfa)),
  nearest: unary(vector(0x6a)),
  truncate: unary(vector(0xf8)),
}

/** Two float64 at once, from the lower or the upper half of four float32. */
export const f64x2: Arithmetic & {
  zero: Code
  promoteLow: Unary
  promoteHigh: Unary
  extract(operand: Code, lane: number): Code
} = {
  zero: f32x4.zero,
  load: load(vector(0x00)),
  store: store(vector(0x0b)),
  add: binary(vector(0xf0)),
  multiply: binary(vector(0xf2)),
  promoteLow: unary(vector(0x5f)),
  promoteHigh: (operand) => [...f32x4.shuffle(operand, operand, [2, 3, 2, 3]), ...vector(0x5f)],
  extract: extract(vector(0x21)),
}

/** Sixteen bytes at once. `shuffle` takes bytes 0 to 15 from its left operand and 16 to 31 from the right one. */
export const i8x16: {
  load: Load
  store: Store
  shuffle(left: Code, right: Code, bytes: readonly number[]): Code
  /** The lower eight bytes as whole numbers of 16 bits. */
  widenLow: Unary
  widenHigh: Unary
  /** From whole numbers of 16 bits, first those of the left operand; below 0 becomes 0, above 255 becomes 255. */
  narrow: Binary
} = {
  load: load(vector(0x00)),
  store: store(vector(0x0b)),
  shuffle,
  widenLow: unary(vector(0x89)),
  widenHigh: unary(vector(0x8a)),
  narrow: binary(vector(0x66)),
}

/** Eight whole numbers of 16 bits at once. */
export const i16x8: {
  /** The lower four without a sign, as whole numbers of 32 bits. */
  widenLow: Unary
  widenHigh: Unary
  /** From whole numbers of 32 bits, first those of the left operand; what 16 bits cannot hold becomes the nearest. */
  narrow: Binary
} = {
  widenLow: unary(vector(0xa9)),
  widenHigh: unary(vector(0xaa)),
  narrow: binary(vector(0x85)),
}

/** `whenTrue` if the condition is not 0, else `whenFalse`. */
export function select(whenTrue: Code, whenFalse: Code, condition: Code): Code {
  return [...whenTrue, ...whenFalse, ...condition, 0x1b]
}

/** Adds to a variable. */
export function increment(local: Local, amount: Code): Code {
  return local.set(i32.add(local.get, amount))
}

/** Repeats `body` as often as `count` says, which it counts down to 0; at least once. */
export function repeat(count: Local, body: readonly Code[]): Code {
  const [loop, withoutResult, branchIf, toItsStart, end] = [0x03, 0x40, 0x0d, 0, 0x0b]
  const countDown = count.tee(i32.add(count.get, i32.constant(-1)))
  return [loop, withoutResult, ...body.flat(), ...countDown, branchIf, toItsStart, end]
}
