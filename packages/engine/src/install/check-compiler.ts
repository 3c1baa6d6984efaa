/** Is there a C++ compiler? */
import { SimclrError } from '@simclr/core'
import type { Installable } from './installable.ts'
import { runProcess } from './run-process.ts'

/**
 * The command of the first C++ compiler that runs: `$CXX`, else `g++`, `c++` or `clang++`.
 *
 * @throws SimclrError if there is none.
 */
export async function checkCompiler(
  { engine }: Installable,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const candidates = environment.CXX ? [environment.CXX] : ['g++', 'c++', 'clang++']
  for (const command of candidates) {
    if (await runs(command, environment)) return command
  }
  throw new SimclrError({
    parameter: `engine install ${engine}: compiler`,
    expected: 'a C++ compiler on the PATH',
    received: `none as ${candidates.join(', ')}`,
    remedy: 'Install one: apt install g++ (Debian, Ubuntu), dnf install gcc-c++ (Fedora, RHEL).',
  })
}

async function runs(command: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    return (await runProcess(command, ['--version'], { environment, signal: undefined })).code === 0
  } catch {
    return false
  }
}
