/** Which packages beside torch its CPU library needs, read from the wheel's own metadata. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The requirements that bring `libcudart` and `libcupti`, which `libtorch_cpu` of a CUDA build links against
 * even where it computes on the CPU. Versions and environment markers are the wheel's own, so pip installs
 * exactly what this torch was built with, and nothing where the markers do not hold.
 *
 * @param folder the site-packages folder that holds torch.
 * @returns requirement specifiers for pip; empty for a build without CUDA.
 */
export function cudaRequirements(folder: string): string[] {
  const metadata = readdirSync(folder).find((name) => /^torch-.*\.dist-info$/.test(name))
  if (metadata === undefined) return []
  const requirements = readFileSync(join(folder, metadata, 'METADATA'), 'utf8')
    .split('\n')
    .flatMap((line) => /^Requires-Dist: (.+?)\s*$/.exec(line)?.[1] ?? [])
  return requirements.flatMap((requirement) => {
    if (/^nvidia-cuda-(runtime|cupti)\b/.test(requirement)) return requirement
    if (/^cuda-toolkit\[/.test(requirement)) return requirement.replace(/\[[^\]]*\]/, '[cudart,cupti]')
    return []
  })
}
