/** Is there a Python with pip that the library still supports? */
import { SimclrError } from '@simclr/core'
import { findPython, type Python, pipVersion } from '../python.ts'
import type { Installable } from './installable.ts'

/** The oldest Python of PyTorch 2.10 and TensorFlow 2.21. */
const OLDEST_MINOR = 10

/**
 * The Python that installs: `command`, or the first Python 3 on the PATH.
 *
 * @throws SimclrError for no Python 3, one before 3.10, or one without pip.
 */
export async function checkPython(
  { engine, library }: Installable,
  command: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Python> {
  const python = await findPython(command, environment)
  const parameter = `engine install ${engine}: python`
  if (python === undefined) {
    throw new SimclrError({
      parameter,
      expected: 'Python 3 on the PATH',
      received: command === undefined ? 'none' : `none as "${command}"`,
      remedy: `Install Python 3.10 or newer with pip; only its pip is used, to download ${library}.`,
    })
  }
  if (Number(python.version.split('.')[1]) < OLDEST_MINOR) {
    throw new SimclrError({
      parameter,
      expected: `3.${OLDEST_MINOR} or newer`,
      received: `${python.version} (${python.command})`,
      remedy: `Install a newer Python, or name one: simclr engine install ${engine} --python COMMAND.`,
    })
  }
  if ((await pipVersion(python, environment)) === undefined) {
    throw new SimclrError({
      parameter,
      expected: 'one that has pip',
      received: `${python.command} ${python.version} without it`,
      remedy: `Run: ${python.command} -m ensurepip --user (on Debian and Ubuntu: apt install python3-pip).`,
    })
  }
  return python
}
