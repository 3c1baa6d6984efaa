/** A TensorFlow.js backend whose tensors are torch tensors. */
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
import { type StoredType, storedType, typedArray } from './data-type.ts'
import { LibtorchError } from './libtorch-error.ts'
import type { Handle } from './stable-abi.ts'
import type { Torch } from './torch.ts'

/** The name under which the backend and its kernels are registered. */
export const BACKEND_NAME = 'libtorch'

/** A torch tensor in the logical tfjs shape, with any strides; or the encoded strings of a string tensor. */
interface StoredTensor {
  handle: Handle | undefined
  readonly strings: Uint8Array[] | undefined
  readonly shape: readonly number[]
  readonly dtype: DataType
  refCount: number
}

/** Holds the data of tensors; the kernels are registered apart from it. */
export class LibtorchBackend extends KernelBackend {
  readonly torch: Torch
  readonly data: DataStorage<StoredTensor>
  readonly #alive = new Set<StoredTensor>()
  #nextId = 0

  constructor(torch: Torch) {
    super()
    this.torch = torch
    this.data = new DataStorage<StoredTensor>(this, engine())
  }

  /** The torch tensor of a tfjs tensor; borrowed, for use within the running kernel. */
  handle(tensor: TensorInfo): Handle {
    const { handle, shape } = this.data.get(tensor.dataId)
    if (handle === undefined) throw new LibtorchError('This kernel cannot compute with strings.')
    return util.arraysEqual(shape as number[], tensor.shape)
      ? handle
      : this.torch.call('reshape', handle, tensor.shape)
  }

  /** Makes a torch tensor of the running kernel a tfjs tensor. */
  output(handle: Handle, shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = { id: this.#nextId++ }
    this.#store(dataId, { handle: this.torch.keep(handle), strings: undefined, shape, dtype, refCount: 1 })
    return { dataId, shape: shape as number[], dtype }
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
    this.#store(dataId, { handle, strings, shape, dtype, refCount })
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

  override read(dataId: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId))
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

  #free(stored: StoredTensor): void {
    if (stored.handle !== undefined) this.torch.free(stored.handle)
    stored.handle = undefined
    this.#alive.delete(stored)
  }

  /** Copies JavaScript values into a new torch tensor. */
  #upload(values: ArrayLike<number>, shape: readonly number[], dtype: StoredType): Handle {
    const { dataTypes } = this.torch.abi
    const size = util.sizeFromShape(shape as number[]) * (dtype === 'complex64' ? 2 : 1)
    if (values.length !== size) {
      throw new LibtorchError(`A tensor of shape [${shape}] needs ${size} values, got ${values.length}.`)
    }
    const [array, type] = torchReadable(values, dtype)
    return this.torch.scope(() => {
      const source = this.torch.wrap(array, shape, dataTypes[type])
      return this.torch.keep(this.torch.call('to.dtype', source, dataTypes[dtype], false, true, null))
    })
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
