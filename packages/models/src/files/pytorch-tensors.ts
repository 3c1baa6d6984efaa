/** What a pickle of PyTorch may name: tensors as descriptions of where their elements lie, dictionaries, sizes. */
import { elementCount } from './element-count.ts'
import { refuseFile } from './refuse-file.ts'
import type { StoredDtype } from './stored-array.ts'
import { PickleGlobal, type UnpickleOptions } from './unpickle.ts'

const STORAGES: ReadonlyMap<string, StoredDtype> = new Map([
  ['torch.FloatStorage', 'F32'],
  ['torch.DoubleStorage', 'F64'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.IntStorage', 'I32'],
  ['torch.LongStorage', 'I64'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'U8'],
])

/** PyTorch's own limit. */
const HIGHEST_RANK = 64

class PytorchStorage {
  constructor(
    readonly stored: StoredDtype,
    readonly key: string,
  ) {}
}

/** A view of a storage; sizes, strides and offset count elements. */
export class PytorchTensor {
  constructor(
    readonly stored: StoredDtype,
    /** The storage's file is `data/<key>`. */
    readonly key: string,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}

  /** How many elements lie from its first to its last. */
  get span(): number {
    if (elementCount(this.shape) === 0) return 0
    return this.shape.reduce((sum, size, axis) => sum + (size - 1) * this.strides[axis]!, 1)
  }
}

/** Reads the tensors of a pickle and refuses every other global. */
export function pytorchPickle(file: string): UnpickleOptions {
  const globals = new Map<string, (args: readonly unknown[]) => unknown>([
    ['collections.OrderedDict', () => new Map()],
    ['torch.Size', ([sizes]) => sizes],
    ['torch.device', () => null],
    ['torch._utils._rebuild_tensor_v2', (args) => rebuildTensor(file, args)],
    ['torch._utils._rebuild_parameter', ([tensor]) => tensor],
  ])
  return {
    findGlobal(module, name) {
      const full = `${module}.${name}`
      const call = globals.get(full)
      if (call !== undefined) return new PickleGlobal(full, call)
      if (STORAGES.has(full) || /^torch\.(float|bfloat|int|uint)\d+$/.test(full))
        return new PickleGlobal(full)
      if (/^torch\.\w+Storage$/.test(full)) {
        refuseFile(file, `tensors in ${[...STORAGES.keys()].join(', ')}`, full)
      }
      refuseFile(file, 'a plain state dict', `one that would run ${full}`, {
        remedy: 'Save a plain state dict, torch.save(model.state_dict(), …), or use safetensors.',
      })
    },
    persistentLoad(id) {
      const [kind, type, key] = Array.isArray(id) ? id : []
      const stored = type instanceof PickleGlobal ? STORAGES.get(type.name) : undefined
      if (kind !== 'storage' || stored === undefined || typeof key !== 'string') {
        refuseFile(file, 'a storage of numbers', 'another persistent id')
      }
      return new PytorchStorage(stored, key)
    },
  }
}

function rebuildTensor(file: string, [storage, offset, shape, strides]: readonly unknown[]): PytorchTensor {
  if (!(storage instanceof PytorchStorage)) refuseFile(file, 'a tensor with a storage', typeof storage)
  if (!isSize(offset) || !isSizes(shape) || !isSizes(strides) || shape.length !== strides.length) {
    refuseFile(file, 'a tensor with an offset, sizes and as many strides', 'another')
  }
  return new PytorchTensor(storage.stored, storage.key, offset, [...shape], [...strides])
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= HIGHEST_RANK && value.every(isSize)
}
