/** What a probe says to the process that started it. */

import { SimclrError } from '@simclr/core'

/** What was found, e.g. the device that computes, or why the engine does not work. */
export type ProbeResult =
  | { readonly found: string; readonly failure?: never; readonly remedy?: never }
  | { readonly found?: never; readonly failure: string; readonly remedy?: string | undefined }

/**
 * Sends the outcome of `probe` and ends this process.
 *
 * @param probe computes something with an engine, and throws if it does not work.
 */
export async function answerProbe(probe: () => Promise<string>): Promise<void> {
  const result = await probe().then((found): ProbeResult => ({ found }), explain)
  process.send!(result, () => process.exit())
}

function explain(error: Error): ProbeResult {
  if (!SimclrError.isInstance(error)) return { failure: error.message }
  const { expected, received, remedy } = error
  return { failure: `needs ${expected}, got ${received}`, remedy }
}
