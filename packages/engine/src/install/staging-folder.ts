/** Temporary folders beside the installed one: unique per process, and removed by whoever installs next. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

const DAY = 24 * 3600 * 1000

/**
 * Creates a temporary folder in `home`, named after the engine, this machine and process.
 *
 * @returns its path; the caller removes it.
 */
export async function createStagingFolder(home: string, engine: string): Promise<string> {
  await mkdir(home, { recursive: true })
  return mkdtemp(join(home, `${prefixOf(engine)}${hostname()}-${process.pid}-`))
}

/** Removes a folder, with patience for a process that is just ending and still writes into it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

/** Removes what interrupted installations of an engine left in `home`; a running one keeps its folder. */
export async function removeLeftovers(home: string, engine: string): Promise<void> {
  await mkdir(home, { recursive: true })
  const prefix = prefixOf(engine)
  for (const name of await readdir(home)) {
    if (name.startsWith(prefix) && !(await isInUse(home, name, prefix))) {
      await removeFolder(join(home, name))
    }
  }
}

/** On this machine the process decides; another machine that shares the folder gets a day. */
async function isInUse(home: string, name: string, prefix: string): Promise<boolean> {
  const here = `${prefix}${hostname()}-`
  if (!name.startsWith(here)) return Date.now() - (await stat(join(home, name))).mtimeMs < DAY
  const id = Number.parseInt(name.slice(here.length), 10)
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function prefixOf(engine: string): string {
  return `${engine}.installing-`
}
