/** Calls PyTorch operators through the stable C interface and owns the tensor handles they return. */
import koffi from 'koffi'
import { ArgumentStack } from './argument-stack.ts'
import type { Device } from './device.ts'
import { LibtorchError } from './libtorch-error.ts'
import { type ArgumentType, type Operator, type OperatorArguments, operators } from './operators.ts'
import type { DataTypeName, Handle, StableAbi } from './stable-abi.ts'

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
  readonly device: Device
  readonly #stack: ArgumentStack
  readonly #prepared = new Map<string, PreparedOperator>()
  readonly #constants = new Map<string, Handle>()
  #temporaries: Handle[] = []
  #calls = 0
  /** The memory under handles of the running scope, held so that the garbage collector leaves it. */
  #wrapped: ArrayBufferView[] = []
  #live = 0

  constructor(abi: StableAbi, device: Device) {
    this.abi = abi
    this.device = device
    this.#stack = new ArgumentStack(abi)
  }

  /** Number of handles that are owned and not yet freed, without the cached constants. */
  get liveHandles(): number {
    return this.#live
  }

  /** Number of operators that were called. */
  get calls(): number {
    return this.#calls
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
    return this.#own(this.#stack.slots[0]!)
  }

  /** Calls an operator that returns several tensors; one that it leaves undefined is still a handle. */
  callMany<O extends Operator>(operator: O, results: number, ...args: OperatorArguments[O]): Handle[] {
    this.#dispatch(operator, args)
    return Array.from(this.#stack.slots.subarray(0, results), (handle) => this.#own(handle))
  }

  /** Calls an operator that returns a list of tensors. */
  callList<O extends Operator>(operator: O, ...args: OperatorArguments[O]): Handle[] {
    this.#dispatch(operator, args)
    const list = this.#stack.slots[0]!
    this.#stack.check(this.abi.listSize(list, this.#stack.result), 'list_size')
    const handles = Array.from({ length: Number(this.#stack.resultSlot[0]!) }, (_, index) => {
      this.#stack.check(this.abi.listItem(list, index, this.#stack.result), 'list_get_item')
      return this.#own(this.#stack.resultSlot[0]!)
    })
    this.#stack.check(this.abi.deleteList(list), 'delete_list')
    return handles
  }

  /** `a + alpha · b` with broadcasting. */
  add(a: Handle, b: Handle, alpha = 1): Handle {
    this.#stack.check(this.abi.subtract(a, b, -alpha, this.#stack.result), 'add')
    return this.#own(this.#stack.resultSlot[0]!)
  }

  /** Another handle of the same tensor. */
  alias(tensor: Handle): Handle {
    return this.#own(this.#stack.reference(tensor))
  }

  /** A tensor on the device with a copy of values from JavaScript; `source` is the torch type of the array's elements. */
  tensor(
    values: ArrayBufferView,
    shape: readonly number[],
    { source, target = source }: { source: DataTypeName; target?: DataTypeName },
  ): Handle {
    const { dataTypes } = this.abi
    const wrapped = this.wrap(values, shape, dataTypes[source])
    if (this.device.kind === 'cuda') {
      const pinned = this.call('empty.memory_format', shape, dataTypes[source], null, null, true, null)
      this.copy(pinned, wrapped)
      const onDevice = this.empty(shape, dataTypes[source])
      this.copy(onDevice, pinned, true)
      return this.to(onDevice, dataTypes[target])
    }
    const converted = this.call('to.dtype', wrapped, dataTypes[target], false, true, null)
    if (this.device.kind === 'cpu') return converted
    const onDevice = this.empty(shape, dataTypes[target])
    this.copy(onDevice, converted)
    return onDevice
  }

  /** An uninitialised row-major tensor on the device. */
  empty(shape: readonly number[], dataType: number): Handle {
    return this.call('empty.memory_format', shape, dataType, null, this.device, null, null)
  }

  /** The tensor in another data type; itself where it has that type. */
  to(tensor: Handle, dataType: number): Handle {
    return this.dataType(tensor) === dataType
      ? tensor
      : this.call('to.dtype', tensor, dataType, false, false, null)
  }

  /** The tensor's torch data type. */
  dataType(tensor: Handle): number {
    this.#stack.resultSlot[0] = 0n
    this.#stack.check(this.abi.dataType(tensor, this.#stack.result), 'get_dtype')
    return Number(this.#stack.resultSlot[0])
  }

  /** Where the tensor's first element lies. */
  address(tensor: Handle): bigint {
    this.#stack.check(this.abi.dataAddress(tensor, this.#stack.result), 'get_data_ptr')
    return this.#stack.resultSlot[0]!
  }

  /** A tensor of the host over `data`, which stays alive until the running scope ends. */
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
      this.abi.deviceTypes.cpu,
      0,
      this.#stack.result,
    )
    this.#stack.check(status, 'from_blob')
    this.#wrapped.push(data)
    return this.#own(this.#stack.resultSlot[0]!)
  }

  /** Whether the tensor's memory is row-major. */
  isRowMajor(tensor: Handle): boolean {
    this.#stack.resultSlot[0] = 0n
    this.#stack.check(this.abi.isContiguous(tensor, this.#stack.result), 'is_contiguous')
    return this.#stack.resultSlot[0] !== 0n
  }

  /**
   * Copies a tensor's elements, whatever its strides, type and device, into a tensor of the same shape.
   *
   * @param queued whether the copy may still be under way when this returns; one side must be pinned then
   */
  copy(destination: Handle, source: Handle, queued = false): void {
    this.#stack.check(this.abi.copy(destination, source, queued ? 1 : 0), 'copy_')
  }

  /** A zero-dimensional tensor that lives as long as the library. */
  constant(
    value: number,
    dataType: 'float32' | 'int32' | 'int64' | 'bool' | 'complex64' = 'float32',
  ): Handle {
    const key = `${dataType} ${Object.is(value, -0) ? '-0' : value}`
    let handle = this.#constants.get(key)
    if (handle === undefined) {
      const values = new Float64Array([value])
      handle = this.scope(() => this.keep(this.tensor(values, [], { source: 'float64', target: dataType })))
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

  /** Operators consume the references, lists and cells on the stack, also when they fail. */
  #dispatch(operator: Operator, args: readonly unknown[]): void {
    this.#calls++
    const { name, overload, encoders } = this.#prepared.get(operator) ?? this.#prepare(operator)
    for (let i = 0; i < encoders.length; i++) encoders[i]!(args[i] as never, i)
    this.#stack.check(
      this.abi.callDispatcher(name, overload, this.#stack.address, this.abi.version),
      operator,
    )
  }

  #prepare(operator: Operator): PreparedOperator {
    const [name = '', overload = ''] = operator.split('.')
    const types = operators[operator].split(' ') as ArgumentType[]
    const encoders = types.map((type) => this.#stack.encoder(type))
    const prepared = { name: nativeString(`aten::${name}`), overload: nativeString(overload), encoders }
    this.#prepared.set(operator, prepared)
    return prepared
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
