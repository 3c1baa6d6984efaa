/** Tensors as memory that a transport sends from and receives into. */
import { type NativeMemory, nativeMemory, SimclrError } from '@simclr/core'
import { type DataType, engine, getBackend, type Tensor, tensor, util } from '@tensorflow/tfjs-core'
import type { ElementType, Memory, Transport } from './transport.ts'

/** Memory with the elements of a tensor, row-major, until it is released. */
export interface Sent {
  readonly memory: Memory
  release(): void
}

/** Memory that becomes a tensor once it is filled. */
export interface Received {
  readonly memory: Memory
  /** The tensor, which the caller disposes. */
  finish(): Tensor
}

/** How tensors of the current backend reach a transport. */
export interface TensorMemory {
  send(tensor: Tensor): Sent
  receive(shape: readonly number[], dtype: DataType): Received
}

/**
 * The engine's own memory where the transport can use it, otherwise copies in JavaScript.
 *
 * @throws SimclrError if the transport works on a GPU and the engine does not.
 */
export function tensorMemory({ device }: Pick<Transport, 'device'>): TensorMemory {
  const native = nativeMemory()
  if (native?.device === device) return inPlace(native)
  if (device === 'cpu') return throughJavaScript
  throw new SimclrError({
    parameter: 'distributed: engine',
    expected: 'libtorch on cuda, in whose memory NCCL works',
    received: native === undefined ? getBackend() : `${getBackend()} on ${native.device}`,
    remedy: 'Use --device cuda, or --distributed mpi.',
  })
}

function inPlace(native: NativeMemory): TensorMemory {
  return {
    send(tensor) {
      const rows = engine().makeTensorFromTensorInfo(native.rowMajor(tensor))
      return { memory: native.address(rows), release: () => rows.dispose() }
    },
    receive(shape, dtype) {
      const info = native.empty(shape, dtype)
      return { memory: native.address(info), finish: () => engine().makeTensorFromTensorInfo(info) }
    },
  }
}

const throughJavaScript: TensorMemory = {
  send: (tensor) => ({ memory: tensor.dataSync<'float32' | 'int32'>(), release: () => {} }),
  receive(shape, dtype) {
    const size = util.sizeFromShape([...shape])
    const memory = dtype === 'int32' ? new Int32Array(size) : new Float32Array(size)
    return { memory, finish: () => tensor(memory, [...shape], dtype as 'float32' | 'int32') }
  },
}

/** @throws SimclrError for a type that does not travel. */
export function elementType({ dtype }: Tensor): ElementType {
  if (dtype === 'float32' || dtype === 'int32') return dtype
  throw new SimclrError({
    parameter: 'Communicator: tensor',
    expected: 'float32 or int32',
    received: dtype,
    remedy: 'Cast it first.',
  })
}
