/** Proves in a child process that a libtorch loads and computes. */
import { SimclrError } from '@simclr/core'
import { runProbe } from '../probes/run-probe.ts'

/**
 * @param folder a site-packages style folder that holds torch.
 * @throws SimclrError if the library does not load or computes a wrong value.
 */
export async function verifyLibtorch(folder: string, signal?: AbortSignal): Promise<void> {
  const { failure } = await runProbe('libtorch', { parameters: [folder], signal })
  if (failure === undefined) return
  throw new SimclrError({
    parameter: `libtorch in ${folder}`,
    expected: 'able to load and compute on this machine',
    received: failure,
    remedy:
      'Try another: simclr engine install libtorch --force --torch-version NUMBER. Or use --engine wasm.',
  })
}
