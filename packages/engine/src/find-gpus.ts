/** NVIDIA GPUs, as their driver's own tool lists them. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Gpu {
  /** e.g. `NVIDIA H100 80GB HBM3`. */
  readonly name: string
  /** Version of the driver, e.g. `570.86.15`. */
  readonly driver: string
  /** e.g. `81559 MiB`. */
  readonly memory: string
}

/** Asks `nvidia-smi`; none where it is missing or fails. */
export async function findGpus(environment: NodeJS.ProcessEnv = process.env): Promise<Gpu[]> {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader']
  try {
    const { stdout } = await run('nvidia-smi', query, {
      env: environment,
      timeout: 30_000,
      windowsHide: true,
    })
    return stdout
      .trim()
      .split('\n')
      .map((line) => {
        const [name = '', driver = '', memory = ''] = line.split(', ')
        return { name, driver, memory }
      })
  } catch {
    return []
  }
}
