/** A TensorFlow.js backend whose tensors are torch tensors. */
import type { NativeMemory } from '@simclr/core'
import {
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import type { CudaQueue } from './cuda-events.ts'
import { type StoredType, storedType, typedArray } from './data-type.ts'
import { LibtorchError } from './libtorch-error.ts'
import { libtorchMemory } from './native-memory.ts'
import type { Precision } from './precision.ts'
import type { Handle } from './stable-abi.ts'
import type { Torch } from './torch.ts'

/** The name under which the backend and its kernels are registered. */
export const BACKEND_NAME = 'libtorch'

/** A torch tensor in the logical tfjs shape, with any strides; or the encoded strings of a string tensor. */
interface StoredTensor {
  handle: Handle | undefined
  /** Whether `handle` is a bfloat16 tensor, although tfjs says float32. */
  readonly isShort: boolean
  /** The same numbers in bfloat16, for convolutions; made when first needed. */
  short?: Handle | undefined
  /** Whether no other tensor can be a view of its memory. */
  isExclusive?: boolean
  /** What the kernel that made it left for its gradient. */
  byproduct?: Handle | undefined
  readonly strings: Uint8Array[] | undefined
  readonly shape: readonly number[]
  readonly dtype: DataType
  refCount: number
}

/** Holds the data of tensors; the kernels are registered apart from it. */
export class LibtorchBackend extends KernelBackend {
  readonly torch: Torch
  readonly #precision: Precision
  readonly #queue: CudaQueue | undefined
  /** What `nativeMemory()` of @simclr/core finds. */
  readonly nativeMemory: NativeMemory | undefined
  readonly data: DataStorage<StoredTensor>
  readonly #alive = new Set<StoredTensor>()
  #nextId = 0

  /** @param queue of a device that computes while the caller goes on */
  constructor(torch: Torch, precision: Precision, queue: CudaQueue | undefined) {
    super()
    this.torch = torch
    this.#precision = precision
    this.#queue = queue
    this.nativeMemory = libtorchMemory(this, queue?.stream)
    this.data = new DataStorage<StoredTensor>(this, engine())
  }

  /**
   * The torch tensor of a tfjs tensor in the type that tfjs says; borrowed, for use within the running kernel, which may
   * output a view of it.
   */
  handle(tensor: TensorInfo): Handle {
    const handle = this.activation(tensor)
    const stored = this.data.get(tensor.dataId)
    stored.isExclusive = false
    return stored.isShort ? this.torch.to(handle, this.torch.abi.dataTypes.float32) : handle
  }

  /**
   * Like {@link handle}, but a float32 tensor may come in bfloat16: for kernels that are right with both, and output no views.
   */
  activation(tensor: TensorInfo): Handle {
    const { handle } = this.data.get(tensor.dataId)
    if (handle === undefined) throw new LibtorchError('This kernel cannot compute with strings.')
    return this.#shaped(handle, tensor)
  }

  /** Like {@link handle}, in the type in which convolutions compute. */
  factor(tensor: TensorInfo): Handle {
    const stored = this.data.get(tensor.dataId)
    const { handle, isShort, dtype } = stored
    if (this.#precision !== 'bf16' || isShort || dtype !== 'float32' || handle === undefined) {
      return this.activation(tensor)
    }
    stored.short ??= this.torch.keep(this.torch.to(handle, this.torch.abi.dataTypes.bfloat16))
    return this.#shaped(stored.short, tensor)
  }

  /** Makes a torch tensor of the running kernel a tfjs tensor. */
  output(handle: Handle, shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = { id: this.#nextId++ }
    const isShort =
      this.#precision === 'bf16' &&
      dtype === 'float32' &&
      this.torch.dataType(handle) === this.torch.abi.dataTypes.bfloat16
    const kept = this.torch.keep(handle)
    this.#store(dataId, { handle: kept, isShort, strings: undefined, shape, dtype, refCount: 1 })
    return { dataId, shape: shape as number[], dtype }
  }

  /** Says that the memory of a new tensor is nobody else's. */
  claim(tensor: TensorInfo): void {
    this.data.get(tensor.dataId).isExclusive = true
  }

  /** Whether a claimed tensor is held once, and no other tensor can be a view of it. */
  isExclusive({ dataId }: TensorInfo): boolean {
    return this.refCount(dataId) === 1 && this.data.get(dataId).isExclusive === true
  }

  /**
   * Whether a kernel may write to a tensor's {@link activation}: nobody else can see its memory. What was derived from it is
   * forgotten then.
   */
  claimWhole(tensor: TensorInfo): boolean {
    const stored = this.data.get(tensor.dataId)
    const isWhole = util.arraysEqual(stored.shape as number[], tensor.shape)
    if (!isWhole || stored.isShort || !this.isExclusive(tensor)) return false
    if (stored.short !== undefined) this.torch.free(stored.short)
    stored.short = undefined
    return true
  }

  /** Leaves a torch tensor with a tensor for the kernel of its gradient; it is freed with it. */
  leave(tensor: TensorInfo, byproduct: Handle): void {
    this.data.get(tensor.dataId).byproduct = this.torch.keep(byproduct)
  }

  /** What {@link leave} left with a tensor. */
  byproduct(tensor: TensorInfo): Handle | undefined {
    return this.data.get(tensor.dataId).byproduct
  }

  /** The same data as another tensor, without a copy. */
  share(tensor: TensorInfo): TensorInfo {
    this.incRef(tensor.dataId)
    return { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype }
  }

  /** Replaces the storage of a tensor by an equal one with other strides. */
  relayout(tensor: TensorInfo, handle: Handle): void {
    const stored = this.data.get(tensor.dataId)
    this.torch.keep(handle)
    if (stored.handle !== undefined) this.torch.free(stored.handle)
    stored.handle = handle
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = { id: this.#nextId++ }
    this.move(dataId, values, shape, dtype, 1)
    return dataId
  }

  override move(
    dataId: DataId,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    const isString = dtype === 'string'
    const strings = isString ? (values as Uint8Array[]) : undefined
    const handle = isString ? undefined : this.#upload(values as ArrayLike<number>, shape, storedType(dtype))
    this.#store(dataId, { handle, isShort: false, strings, shape, dtype, refCount })
  }

  override readSync(dataId: DataId): BackendValues {
    const { handle, strings, shape, dtype } = this.data.get(dataId)
    if (handle === undefined) return strings!
    const values = typedArray(dtype as StoredType, util.sizeFromShape(shape as number[]))
    if (values.length > 0) {
      this.torch.scope(() => {
        const destination = this.torch.wrap(values, shape, this.torch.abi.dataTypes[dtype as StoredType])
        this.torch.copy(destination, handle)
      })
    }
    return values
  }

  /** On a GPU the copy is queued behind the work so far; what is queued later does not delay it. */
  override async read(dataId: DataId): Promise<BackendValues> {
    const { handle, shape, dtype } = this.data.get(dataId)
    if (handle === undefined || this.#queue === undefined) return this.readSync(dataId)
    const { torch } = this
    const type = torch.abi.dataTypes[dtype as StoredType]
    const pinned = torch.scope(() => {
      const copy = torch.call('empty.memory_format', shape, type, null, null, true, null)
      torch.copy(copy, handle, true)
      return torch.keep(copy)
    })
    await this.#queue.whenDone()
    const values = typedArray(dtype as StoredType, util.sizeFromShape(shape as number[]))
    torch.scope(() => torch.copy(torch.wrap(values, shape, type), pinned))
    torch.free(pinned)
    return values
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true
    const stored = this.data.get(dataId)
    stored.refCount--
    if (!force && stored.refCount > 0) return false
    this.#free(stored)
    this.data.delete(dataId)
    return true
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).refCount++
  }

  decRef(dataId: DataId): void {
    if (this.data.has(dataId)) this.data.get(dataId).refCount--
  }

  override numDataIds(): number {
    return this.data.numDataIds()
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false }
  }

  override floatPrecision(): 16 | 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  /** Frees the tensors that are still alive. */
  override dispose(): void {
    for (const stored of this.#alive) this.#free(stored)
  }

  override timerAvailable(): boolean {
    return true
  }

  override time(run: () => void): Promise<{ kernelMs: number }> {
    const start = util.now()
    run()
    return Promise.resolve({ kernelMs: util.now() - start })
  }

  #store(dataId: DataId, stored: StoredTensor): void {
    this.data.set(dataId, stored)
    this.#alive.add(stored)
  }

  #shaped(handle: Handle, tensor: TensorInfo): Handle {
    const { shape } = this.data.get(tensor.dataId)
    return util.arraysEqual(shape as number[], tensor.shape)
      ? handle
      : this.torch.call('reshape', handle, tensor.shape)
  }

  #free(stored: StoredTensor): void {
    const { handle, short, byproduct } = stored
    for (const owned of [handle, short, byproduct]) if (owned !== undefined) this.torch.free(owned)
    Object.assign(stored, { handle: undefined, short: undefined, byproduct: undefined })
    this.#alive.delete(stored)
  }

  /** Copies JavaScript values into a new torch tensor. */
  #upload(values: ArrayLike<number>, shape: readonly number[], dtype: StoredType): Handle {
    const size = util.sizeFromShape(shape as number[]) * (dtype === 'complex64' ? 2 : 1)
    if (values.length !== size) {
      throw new LibtorchError(`A tensor of shape [${shape}] needs ${size} values, got ${values.length}.`)
    }
    const [array, source] = torchReadable(values, dtype)
    return this.torch.scope(() => this.torch.keep(this.torch.tensor(array, shape, { source, target: dtype })))
  }
}

/** The values as a typed array that torch can read, and that array's torch type. */
function torchReadable(
  values: ArrayLike<number>,
  dtype: StoredType,
): [ArrayBufferView, Exclude<StoredType, 'bool'> | 'uint8'] {
  if (dtype === 'complex64') return [Float32Array.from(values), dtype]
  if (values instanceof Float32Array) return [values, 'float32']
  if (values instanceof Int32Array) return [values, 'int32']
  if (values instanceof Uint8Array || values instanceof Uint8ClampedArray) return [values, 'uint8']
  const converted = typedArray(dtype, values.length)
  converted.set(values)
  return [converted, dtype === 'bool' ? 'uint8' : dtype]
}
