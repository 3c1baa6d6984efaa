/** The WebAssembly instructions that the kernels use, as functions from operands to code. */
import { type Code, type Local, signed, unsigned } from './module.ts'

type Unary = (operand: Code) => Code
type Binary = (left: Code, right: Code) => Code

const SIMD = 0xfd
const scalar = (opcode: number): Code => [opcode]
const vector = (opcode: number): Code => [SIMD, ...unsigned(opcode)]
const unary =
  (operation: Code): Unary =>
  (operand) => [...operand, ...operation]
const binary =
  (operation: Code): Binary =>
  (left, right) => [...left, ...right, ...operation]
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
export const i32: { constant(value: number): Code; add: Binary; multiply: Binary; equal: Binary } = {
  constant: (value) => [0x41, ...signed(value)],
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

/** One float64. */
export const f64: Arithmetic & { promote: Unary } = {
  load: load(scalar(0x2b)),
  store: store(scalar(0x39)),
  add: binary(scalar(0xa0)),
  multiply: binary(scalar(0xa2)),
  promote: unary(scalar(0xbb)),
}

/** Four float32 at once. */
export const f32x4: FloatArithmetic & { loadSplat: Load; and: Binary } = {
  zero: [...vector(0x0c), ...Array<number>(16).fill(0)],
  load: load(vector(0x00)),
  loadSplat: load(vector(0x09)),
  store: store(vector(0x0b)),
  add: binary(vector(0xe4)),
  subtract: binary(vector(0xe5)),
  multiply: binary(vector(0xe6)),
  minimum: binary(vector(0xe8)),
  maximum: binary(vector(0xe9)),
  notEqual: binary(vector(0x42)),
  and: binary(vector(0x4e)),
}

/** Two float64 at once, from the lower or the upper half of four float32. */
export const f64x2: Arithmetic & { promoteLow: Unary; promoteHigh: Unary } = {
  load: load(vector(0x00)),
  store: store(vector(0x0b)),
  add: binary(vector(0xf0)),
  multiply: binary(vector(0xf2)),
  promoteLow: unary(vector(0x5f)),
  promoteHigh: (operand) => {
    const upperBytesTwice = [8, 9, 10, 11, 12, 13, 14, 15]
    const shuffle = [...vector(0x0d), ...upperBytesTwice, ...upperBytesTwice]
    return [...operand, ...operand, ...shuffle, ...vector(0x5f)]
  },
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
