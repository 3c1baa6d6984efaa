/** Temporary folders beside the installed one: unique per process, and removed by whoever installs next. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'libtorch.installing-'
const DAY = 24 * 3600 * 1000

/**
 * Creates a temporary folder in `home`, named after this machine and process.
 *
 * @returns its path; the caller removes it.
 */
export async function createStagingFolder(home: string): Promise<string> {
  await mkdir(home, { recursive: true })
  return mkdtemp(join(home, `${PREFIX}${hostname()}-${process.pid}-`))
}

/** Removes a folder, with patience for a process that is just ending and still writes into it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

/** Removes the temporary folders that interrupted installations left in `home`; a running one keeps its own. */
export async function removeLeftovers(home: string): Promise<void> {
  await mkdir(home, { recursive: true })
  for (const name of await readdir(home)) {
    if (name.startsWith(PREFIX) && !(await isInUse(home, name))) {
      await removeFolder(join(home, name))
    }
  }
}

/** On this machine the process decides; another machine that shares the folder gets a day. */
async function isInUse(home: string, name: string): Promise<boolean> {
  const prefix = `${PREFIX}${hostname()}-`
  if (!name.startsWith(prefix)) return Date.now() - (await stat(join(home, name))).mtimeMs < DAY
  const id = Number.parseInt(name.slice(prefix.length), 10)
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
