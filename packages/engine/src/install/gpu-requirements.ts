/** Which NVIDIA packages a TensorFlow wheel computes with on a GPU, read from the wheel's own metadata. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The requirements of the extra `and-cuda`, in the versions that this TensorFlow was built with.
 *
 * @param folder the site-packages folder that holds tensorflow.
 * @returns requirement specifiers for pip, complete in themselves: install them without dependencies.
 */
export function gpuRequirements(folder: string): string[] {
  const metadata = readdirSync(folder).find((name) => /^tensorflow-.*\.dist-info$/.test(name))
  if (metadata === undefined) return []
  return readFileSync(join(folder, metadata, 'METADATA'), 'utf8')
    .split('\n')
    .flatMap((line) => /^Requires-Dist: ([^;]+?)\s*;.*extra == ["']and-cuda["']/.exec(line)?.[1] ?? [])
}
