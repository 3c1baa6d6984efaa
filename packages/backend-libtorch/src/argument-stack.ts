/** The memory through which arguments and results of operators travel, and how each type of argument is written there. */
import koffi from 'koffi'
import type { Device } from './device.ts'
import { LibtorchError } from './libtorch-error.ts'
import type { ArgumentType, ArgumentValues } from './operators.ts'
import type { Handle, StableAbi } from './stable-abi.ts'

/** No operator here has more arguments or results. */
const STACK_SLOTS = 16

/** Where the text of an operator that a device lacks goes on for a hundred lines. */
const DISPATCHER_TABLE = ' This could be because'

/** Every slot is 64 bits: a handle, an integer, the bits of a double, or the address of an optional value. */
export class ArgumentStack {
  readonly abi: StableAbi
  /** Where the slots lie. */
  readonly address: bigint
  readonly slots: BigUint64Array
  /** Where a C function leaves the handle it creates. */
  readonly result: bigint
  readonly resultSlot: BigUint64Array
  readonly #doubles: Float64Array
  readonly #integers: Int32Array

  constructor(abi: StableAbi) {
    this.abi = abi
    const bytes = 8 * (STACK_SLOTS + 1)
    this.address = koffi.alloc('uint64_t', STACK_SLOTS + 1) as bigint
    const memory = koffi.view(this.address, bytes)
    this.slots = new BigUint64Array(memory)
    this.#doubles = new Float64Array(memory)
    this.#integers = new Int32Array(memory)
    this.result = this.address + BigInt(8 * STACK_SLOTS)
    this.resultSlot = new BigUint64Array(memory, 8 * STACK_SLOTS, 1)
  }

  /** Writes arguments of a type into a slot. */
  encoder(type: ArgumentType): (value: never, slot: number) => void {
    return this.#encoders[type]
  }

  /** A new reference of a tensor. */
  reference(tensor: Handle): Handle {
    this.check(this.abi.newTensorHandle(tensor, this.result), 'new_tensor_handle')
    return this.resultSlot[0]!
  }

  /** @throws LibtorchError with libtorch's own text unless a call succeeded */
  check(status: number, operator: string): void {
    if (status === 0) return
    const text = this.abi.lastError() ?? 'the reason is on the standard error stream.'
    const [reason = ''] = text.split(DISPATCHER_TABLE)
    throw new LibtorchError(`libtorch refused ${operator}: ${reason.trim()}`)
  }

  readonly #encoders: { [T in ArgumentType]: (value: ArgumentValues[T], slot: number) => void } = {
    Tensor: (value, slot) => {
      this.slots[slot] = this.reference(value)
    },
    'Tensor?': (value, slot) => {
      this.slots[slot] = value === null ? 0n : this.abi.newCell(this.reference(value))
    },
    'Tensor[]': (values, slot) => {
      const list = this.#list(values.length)
      for (const value of values) this.abi.pushHandle(list, this.reference(value))
      this.slots[slot] = list
    },
    int: (value, slot) => this.#setInteger(value, slot),
    'int?': (value, slot) => this.#setOptional(value, slot, this.#encoders.int),
    'int[]': (values, slot) => {
      const list = this.#list(values.length)
      for (const value of values) this.abi.pushInteger(list, value)
      this.slots[slot] = list
    },
    'int[]?': (value, slot) => this.#setOptional(value, slot, this.#encoders['int[]']),
    float: (value, slot) => {
      this.#doubles[slot] = value
    },
    'float?': (value, slot) => this.#setOptional(value, slot, this.#encoders.float),
    bool: (value, slot) => this.#setInteger(value ? 1 : 0, slot),
    'bool?': (value, slot) => this.#setOptional(value, slot, this.#encoders.bool),
    'bool[]': (values, slot) => {
      const list = this.#list(values.length)
      for (const value of values) this.abi.pushInteger(list, value ? 1 : 0)
      this.slots[slot] = list
    },
    'Device?': (value, slot) => {
      const cell = (device: Device): bigint =>
        this.abi.newCell(
          (BigInt(this.abi.deviceTypes[device.kind]) << 32n) |
            BigInt(device.kind === 'cpu' ? 0 : device.index),
        )
      this.slots[slot] = value === null ? 0n : cell(value)
    },
    str: (value, slot) => {
      this.check(this.abi.newString(value, value.length, this.result), 'new_string')
      this.slots[slot] = this.resultSlot[0]!
    },
  }

  #setInteger(value: number, slot: number): void {
    this.#integers[2 * slot] = value
    this.#integers[2 * slot + 1] = Math.floor(value / 2 ** 32)
  }

  #setOptional<V>(value: V | null, slot: number, encode: (value: V, slot: number) => void): void {
    if (value === null) {
      this.slots[slot] = 0n
    } else {
      encode(value, slot)
      this.slots[slot] = this.abi.newCell(this.slots[slot]!)
    }
  }

  #list(size: number): bigint {
    this.check(this.abi.newList(size, this.result), 'new_list')
    return this.resultSlot[0]!
  }
}
