/** Where this package's tests find libtorch. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspectLibtorch } from '../inspect-libtorch.ts'

/** The folder of a usable libtorch, or the printed reason why there is none. */
export function testingLibrary(): string | undefined {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const home = process.env.SIMCLR_HOME ?? join(cache, 'simclr')
  const folder = process.env.SIMCLR_LIBTORCH ?? join(home, 'libtorch')
  const { problems } = inspectLibtorch(folder)
  if (problems.length === 0) return folder
  console.warn(
    `libtorch tests are skipped: ${problems.join(' ')} Set SIMCLR_LIBTORCH to a folder that holds torch/.`,
  )
  return undefined
}
