/** Runs kernels of TensorFlow.js's own `cpu` backend on the host, for work that has no torch operator. */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu'
import type { BackendValues, DataId, DataType, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { type AnyKernel, type KernelTable, kernel } from './kernel.ts'

/** Tensors by name or position; kernels of ragged tensors take a list under one name. */
type HostInputs = Readonly<Record<string, TensorInfo | readonly TensorInfo[] | undefined>>

/**
 * Kernels that copy their inputs to the host, compute there and copy the results back: right for bookkeeping on indices and
 * strings, too slow for arithmetic on large tensors.
 *
 * @param configs the kernels as `@tensorflow/tfjs-backend-cpu` publishes them under `dist/kernels`
 */
export function hostKernels(configs: readonly KernelConfig[]): KernelTable {
  return Object.fromEntries(configs.map((config) => [config.kernelName, hostKernel(config)]))
}

function hostKernel({ kernelFunc }: KernelConfig): AnyKernel {
  return kernel<HostInputs, object>(({ inputs, attrs, backend }) => {
    const host = new Host()
    const toHost = ({ shape, dtype, dataId }: TensorInfo): TensorInfo =>
      host.makeTensorInfo(shape, dtype, backend.readSync(dataId))
    const fromHost = ({ shape, dtype, dataId }: TensorInfo): TensorInfo => ({
      dataId: backend.write(host.readSync(dataId), shape, dtype),
      shape,
      dtype,
    })
    const results = kernelFunc({ inputs: mapTensors(inputs, toHost), attrs: attrs as never, backend: host })
    return Array.isArray(results) ? results.map(fromHost) : fromHost(results)
  })
}

/** Lives for one call, so that nothing in it needs to be disposed; it does not advise to install a faster backend. */
class Host extends MathBackendCPU {
  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {}
    this.move(dataId, values, shape, dtype, 1)
    return dataId
  }
}

function mapTensors(inputs: HostInputs, convert: (tensor: TensorInfo) => TensorInfo): never {
  const convertAll = (value: HostInputs[string]) =>
    isList(value) ? value.map(convert) : value && convert(value)
  const entries = Object.entries(inputs).map(([name, value]) => [name, convertAll(value)])
  return (Array.isArray(inputs) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as never
}

function isList(value: HostInputs[string]): value is readonly TensorInfo[] {
  return Array.isArray(value)
}
