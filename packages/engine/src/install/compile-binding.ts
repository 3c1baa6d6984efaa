/** Compiles the native module that the npm package of tfjs-node carries as C++. */
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { bindingOf, LIBRARIES } from '../tensorflow/find-tensorflow.ts'
import type { Installable } from './installable.ts'
import { runProcess } from './run-process.ts'

/** The version of Node's C interface that tfjs-node asks for; every Node since 12.19 has it. */
const NAPI_VERSION = 8

export interface CompileBindingOptions {
  /** What is installed, for errors. */
  readonly installable: Installable
  /** The C++ compiler. */
  readonly compiler: string
  /** Folder of the npm package, whose `binding/` is compiled. */
  readonly packageFolder: string
  /** Site-packages folder with the wheel's `tensorflow/`; receives the module. */
  readonly target: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal | undefined
}

/**
 * One call of the compiler, some 10 seconds; the module finds TensorFlow's libraries beside itself.
 *
 * @throws SimclrError with the compiler's last lines if it fails; the signal's reason when aborted.
 */
export async function compileBinding(options: CompileBindingOptions): Promise<void> {
  const { installable, compiler, packageFolder, target, environment, signal } = options
  const { include_dir } = createRequire(import.meta.url)('node-api-headers') as { include_dir: string }
  const sources = join(packageFolder, 'binding')
  const parameters = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-w', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...['-I', packageFolder, '-I', join(target, 'tensorflow', 'include'), '-I', include_dir],
    ...readdirSync(sources).flatMap((name) => (name.endsWith('.cc') ? join(sources, name) : [])),
    ...['-L', join(target, 'tensorflow'), ...LIBRARIES.map((library) => `-l:${library}`)],
    ...['-Wl,-rpath,$ORIGIN/tensorflow', '-o', bindingOf(target)],
  ]
  const { code, lines } = await runProcess(compiler, parameters, { environment, signal })
  if (code === 0) return
  const output = lines.join('\n')
  throw new SimclrError({
    parameter: `engine install ${installable.engine}: compiler`,
    expected: `able to compile the binding of tfjs-node against ${installable.library}`,
    received: `"${lines.slice(-3).join(' / ')}" from ${compiler}`,
    remedy: `Try another version (${installable.versionFlag} NUMBER) or compiler (CXX=COMMAND).`,
    cause: new Error(output),
  })
}
