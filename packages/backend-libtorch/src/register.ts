/**
 * The backend after one import: `import '@simclr/backend-libtorch/register'`, then `await setBackend('libtorch')`.
 *
 * Takes the PyTorch in the folder `$SIMCLR_LIBTORCH`, else that of `python3`, and computes on the processor. Other devices and
 * options: call `registerLibtorch` instead.
 */
import { execFileSync } from 'node:child_process'
import { dirname } from 'node:path'
import { LibtorchError } from './libtorch-error.ts'
import { registerLibtorch } from './register-libtorch.ts'

registerLibtorch({ library: process.env.SIMCLR_LIBTORCH || pythonPackages() })

function pythonPackages(): string {
  const code = 'import importlib.util as u; print(u.find_spec("torch").origin)'
  try {
    return dirname(dirname(execFileSync('python3', ['-c', code], { encoding: 'utf8', stdio: 'pipe' }).trim()))
  } catch (cause) {
    throw new LibtorchError(
      'There is no PyTorch: set SIMCLR_LIBTORCH to a folder that holds torch/, or install torch for python3.',
      { cause },
    )
  }
}
