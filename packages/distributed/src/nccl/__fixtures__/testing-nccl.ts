/** Where this package's tests find NCCL. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findNccl } from '../find-nccl.ts'

/** The folder in which pip's packages of NVIDIA are looked for. */
export function testingFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const home = process.env.SIMCLR_HOME ?? join(cache, 'simclr')
  return process.env.SIMCLR_LIBTORCH ?? join(home, 'libtorch')
}

/** NCCL's file, or the printed reason why there is none. */
export function testingNccl(): string | undefined {
  try {
    return findNccl({ path: process.env.SIMCLR_TEST_NCCL, libraryFolder: testingFolder() })
  } catch (error) {
    console.warn(
      `Tests of the real NCCL are skipped: ${(error as Error).message} Set SIMCLR_TEST_NCCL to its path.`,
    )
    return undefined
  }
}
