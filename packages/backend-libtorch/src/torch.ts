/** Calls PyTorch operators through the stable C interface and owns the tensor handles they return. */
import koffi from 'koffi'
import { LibtorchError } from './libtorch-error.ts'
import {
  type ArgumentType,
  type ArgumentValues,
  type Operator,
  type OperatorArguments,
  operators,
} from './operators.ts'
import type { Handle, StableAbi } from './stable-abi.ts'

/** No operator here has more arguments or results. */
const STACK_SLOTS = 16
const CPU_DEVICE = 0

interface PreparedOperator {
  readonly name: bigint
  readonly overload: bigint
  readonly encoders: readonly ((value: never, slot: number) => void)[]
}

/**
 * Every handle that `call` returns belongs to the innermost running `scope` and is freed when that ends, whether it
 * returns or throws, unless it was passed to `keep`. So a kernel can neither leak nor forget.
 */
export class Torch {
  readonly abi: StableAbi
  readonly #address: bigint
  readonly #slots: BigUint64Array
  readonly #doubles: Float64Array
  readonly #integers: Int32Array
  readonly #prepared = new Map<string, PreparedOperator>()
  readonly #constants = new Map<string, Handle>()
  /** Where a C function leaves the handle it creates. */
  readonly #result: bigint
  readonly #resultSlot: BigUint64Array
  #temporaries: Handle[] = []
  /** The memory under handles of the running scope, held so that the garbage collector leaves it. */
  #wrapped: ArrayBufferView[] = []
  #live = 0

  constructor(abi: StableAbi) {
    this.abi = abi
    const bytes = 8 * (STACK_SLOTS + 1)
    this.#address = koffi.alloc('uint64_t', STACK_SLOTS + 1) as bigint
    const memory = koffi.view(this.#address, bytes)
    this.#slots = new BigUint64Array(memory)
    this.#doubles = new Float64Array(memory)
    this.#integers = new Int32Array(memory)
    this.#result = this.#address + BigInt(8 * STACK_SLOTS)
    this.#resultSlot = new BigUint64Array(memory, 8 * STACK_SLOTS, 1)
  }

  /** Number of handles that are owned and not yet freed, without the cached constants. */
  get liveHandles(): number {
    return this.#live
  }

  /** Runs `body` and frees every handle created in it that was not kept. */
  scope<R>(body: () => R): R {
    const [outer, outerWrapped] = [this.#temporaries, this.#wrapped]
    this.#temporaries = []
    this.#wrapped = []
    try {
      return body()
    } finally {
      for (const handle of this.#temporaries) this.free(handle)
      this.#temporaries = outer
      this.#wrapped = outerWrapped
    }
  }

  /** Takes a handle out of the running scope: the caller now owns it and must `free` it. */
  keep(handle: Handle): Handle {
    const index = this.#temporaries.lastIndexOf(handle)
    if (index < 0) throw new LibtorchError('A handle was kept that does not belong to the running scope.')
    this.#temporaries.splice(index, 1)
    return handle
  }

  /** Frees a handle that was kept. */
  free(handle: Handle): void {
    this.#live--
    this.abi.deleteTensor(handle)
  }

  /** Frees a handle of the running scope before the scope ends: for large intermediates. */
  release(handle: Handle): void {
    this.free(this.keep(handle))
  }

  /** Calls an operator that returns one tensor. */
  call<O extends Operator>(operator: O, ...args: OperatorArguments[O]): Handle {
    this.#dispatch(operator, args)
    return this.#own(this.#slots[0]!)
  }

  /** Calls an operator that returns several tensors; one that it leaves undefined is still a handle. */
  callMany<O extends Operator>(operator: O, results: number, ...args: OperatorArguments[O]): Handle[] {
    this.#dispatch(operator, args)
    return Array.from(this.#slots.subarray(0, results), (handle) => this.#own(handle))
  }

  /** Calls an operator that returns a list of tensors. */
  callList<O extends Operator>(operator: O, ...args: OperatorArguments[O]): Handle[] {
    this.#dispatch(operator, args)
    const list = this.#slots[0]!
    this.#check(this.abi.listSize(list, this.#result), 'list_size')
    const handles = Array.from({ length: Number(this.#resultSlot[0]!) }, (_, index) => {
      this.#check(this.abi.listItem(list, index, this.#result), 'list_get_item')
      return this.#own(this.#resultSlot[0]!)
    })
    this.#check(this.abi.deleteList(list), 'delete_list')
    return handles
  }

  /** `a + alpha · b` with broadcasting. */
  add(a: Handle, b: Handle, alpha = 1): Handle {
    this.#check(this.abi.add(a, b, alpha, this.#result), 'add')
    return this.#own(this.#resultSlot[0]!)
  }

  /** Another handle of the same tensor. */
  alias(tensor: Handle): Handle {
    return this.#own(this.#reference(tensor))
  }

  /** A tensor over `data`, which stays alive until the running scope ends. */
  wrap(data: ArrayBufferView, shape: readonly number[], dataType: number): Handle {
    const sizes = BigInt64Array.from([...shape, 1], BigInt)
    const strides = BigInt64Array.from([...rowMajorStrides(shape), 1], BigInt)
    const status = this.abi.fromBlob(
      data,
      shape.length,
      sizes,
      strides,
      0,
      dataType,
      CPU_DEVICE,
      0,
      this.#result,
    )
    this.#check(status, 'from_blob')
    this.#wrapped.push(data)
    return this.#own(this.#resultSlot[0]!)
  }

  /** Whether the tensor's memory is row-major. */
  isRowMajor(tensor: Handle): boolean {
    this.#resultSlot[0] = 0n
    this.#check(this.abi.isContiguous(tensor, this.#result), 'is_contiguous')
    return this.#resultSlot[0] !== 0n
  }

  /** Copies a tensor's elements, whatever its strides, into a tensor of the same shape. */
  copy(destination: Handle, source: Handle): void {
    this.#check(this.abi.copy(destination, source, 0), 'copy_')
  }

  /** A zero-dimensional tensor that lives as long as the library. */
  constant(
    value: number,
    dataType: 'float32' | 'int32' | 'int64' | 'bool' | 'complex64' = 'float32',
  ): Handle {
    const key = `${dataType} ${Object.is(value, -0) ? '-0' : value}`
    let handle = this.#constants.get(key)
    if (handle === undefined) {
      const data = new Float64Array([value])
      const wrapped = this.wrap(data, [], this.abi.dataTypes.float64)
      handle = this.keep(this.call('to.dtype', wrapped, this.abi.dataTypes[dataType], false, true, null))
      this.release(wrapped)
      this.#live--
      this.#constants.set(key, handle)
    }
    return handle
  }

  #own(handle: Handle): Handle {
    this.#live++
    this.#temporaries.push(handle)
    return handle
  }

  #reference(tensor: Handle): Handle {
    this.#check(this.abi.newTensorHandle(tensor, this.#result), 'new_tensor_handle')
    return this.#resultSlot[0]!
  }

  /** Operators consume the references, lists and cells on the stack, also when they fail. */
  #dispatch(operator: Operator, args: readonly unknown[]): void {
    const { name, overload, encoders } = this.#prepared.get(operator) ?? this.#prepare(operator)
    for (let i = 0; i < encoders.length; i++) encoders[i]!(args[i] as never, i)
    this.#check(this.abi.callDispatcher(name, overload, this.#address, this.abi.version), operator)
  }

  #prepare(operator: Operator): PreparedOperator {
    const [name = '', overload = ''] = operator.split('.')
    const types = operators[operator].split(' ') as ArgumentType[]
    const encoders = types.map((type) => this.#encoders[type])
    const prepared = { name: nativeString(`aten::${name}`), overload: nativeString(overload), encoders }
    this.#prepared.set(operator, prepared)
    return prepared
  }

  #check(status: number, operator: string): void {
    if (status === 0) return
    const text = this.abi.lastError() ?? 'the reason is on the standard error stream.'
    throw new LibtorchError(`libtorch refused ${operator}: ${text.trim()}`)
  }

  readonly #encoders: { [T in ArgumentType]: (value: ArgumentValues[T], slot: number) => void } = {
    Tensor: (value, slot) => {
      this.#slots[slot] = this.#reference(value)
    },
    'Tensor?': (value, slot) => {
      this.#slots[slot] = value === null ? 0n : this.abi.newCell(this.#reference(value))
    },
    'Tensor[]': (values, slot) => {
      const list = this.#list(values.length)
      for (const value of values) this.abi.pushHandle(list, this.#reference(value))
      this.#slots[slot] = list
    },
    int: (value, slot) => this.#setInteger(value, slot),
    'int?': (value, slot) => this.#setOptional(value, slot, this.#encoders.int),
    'int[]': (values, slot) => {
      const list = this.#list(values.length)
      for (const value of values) this.abi.pushInteger(list, value)
      this.#slots[slot] = list
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
      this.#slots[slot] = list
    },
    str: (value, slot) => {
      this.#check(this.abi.newString(value, value.length, this.#result), 'new_string')
      this.#slots[slot] = this.#resultSlot[0]!
    },
  }

  #setInteger(value: number, slot: number): void {
    this.#integers[2 * slot] = value
    this.#integers[2 * slot + 1] = Math.floor(value / 2 ** 32)
  }

  #setOptional<V>(value: V | null, slot: number, encode: (value: V, slot: number) => void): void {
    if (value === null) {
      this.#slots[slot] = 0n
    } else {
      encode(value, slot)
      this.#slots[slot] = this.abi.newCell(this.#slots[slot]!)
    }
  }

  #list(size: number): bigint {
    this.#check(this.abi.newList(size, this.#result), 'new_list')
    return this.#resultSlot[0]!
  }
}

function nativeString(text: string): bigint {
  const bytes = Buffer.from(`${text}\0`)
  const address = koffi.alloc('char', bytes.length) as bigint
  new Uint8Array(koffi.view(address, bytes.length)).set(bytes)
  return address
}

function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride
    stride *= shape[i]!
  }
  return strides
}
