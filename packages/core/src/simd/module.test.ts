import { describe, expect, test } from 'vitest'
import { instantiate } from './instantiate.ts'
import { f32x4, i32, increment, repeat } from './instructions.ts'
import { encodeModule, signed, unsigned } from './module.ts'

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Memory: new (size: { initial: number }) => { buffer: ArrayBuffer }
    validate(bytes: Uint8Array<ArrayBuffer>): boolean
  }
}

// The examples of the DWARF standard, appendix C.
test.each([
  [2, [2]],
  [127, [0x7f]],
  [128, [0x80, 1]],
  [129, [0x81, 1]],
  [12857, [0x39 + 0x80, 0x64]],
])('unsigned LEB128 of %i', (value, bytes) => {
  expect(unsigned(value)).toEqual(bytes)
})

test.each([
  [2, [2]],
  [-2, [0x7e]],
  [127, [0x7f + 0x80, 0]],
  [-127, [1 + 0x80, 0x7f]],
  [128, [0x80, 1]],
  [-129, [0x7f + 0x80, 0x7e]],
])('signed LEB128 of %i', (value, bytes) => {
  expect(signed(value)).toEqual(bytes)
})

describe('a module', () => {
  test('without functions is valid', () => {
    expect(WebAssembly.validate(encodeModule({}))).toBe(true)
  })

  test('runs loops over the memory that it was given, with as many locals as it likes', () => {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const { double } = instantiate(
      {
        double: {
          parameters: 2,
          body: ([address, steps], local) => {
            const values = Array.from({ length: 200 }, () => local('v128'))
            const last = values.at(-1)!
            return [
              repeat(steps!, [
                last.set(f32x4.load(address!.get)),
                f32x4.store(address!.get, f32x4.add(last.get, last.get)),
                increment(address!, i32.constant(16)),
              ]),
            ]
          },
        },
      },
      memory,
    )
    const numbers = new Float32Array(memory.buffer, 32, 12)
    numbers.set([...numbers.keys()])
    double(32, 2)
    expect([...numbers]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 8, 9, 10, 11])
  })
})
