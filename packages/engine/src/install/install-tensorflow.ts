/** Makes an official TensorFlow engine from pip's TensorFlow library and the binding that tfjs-node carries. */
import { SimclrError } from '@simclr/core'
import {
  bindingOf,
  findTfjsNode,
  installedVersion,
  type TensorflowName,
  tensorflowPackage,
} from '../tensorflow/find-tensorflow.ts'
import { checkCompiler } from './check-compiler.ts'
import { compileBinding } from './compile-binding.ts'
import { gpuRequirements } from './gpu-requirements.ts'
import { type InstallEngineOptions, type InstalledEngine, installEngine } from './install-engine.ts'
import type { Installable } from './installable.ts'
import { pruneTensorflow } from './prune-tensorflow.ts'
import { runNpm } from './run-npm.ts'
import { verifyTensorflow } from './verify-tensorflow.ts'
import { versionSpecifier } from './version-specifier.ts'

export interface InstallTensorflowOptions extends InstallEngineOptions {
  /** `tensorflow`, the default, computes on the processor; `tensorflow-gpu` on an NVIDIA GPU. */
  engine?: TensorflowName
  /** Version of TensorFlow, e.g. `2.20.0`, or a range in pip's notation; default `>=2.20,<2.22`, the tried range. */
  version?: string
}

/** The version of tfjs-node that is installed where there is none. */
const TFJS_NODE_VERSION = '4.22.0'

const COMMON: Omit<Installable, 'engine' | 'bytesWhileInstalling'> = {
  library: 'TensorFlow',
  platforms: ['linux-x64'],
  alternative: 'Use --engine libtorch or --engine wasm.',
  versionFlag: '--tensorflow-version',
}

const INSTALLABLES: Record<TensorflowName, Installable & { readonly wheel: string }> = {
  // The wheel 0.3 GB, unpacked 1.3 GB.
  tensorflow: { ...COMMON, engine: 'tensorflow', wheel: 'tensorflow-cpu', bytesWhileInstalling: 3e9 },
  'tensorflow-gpu': { ...COMMON, engine: 'tensorflow-gpu', wheel: 'tensorflow', bytesWhileInstalling: 14e9 },
}

/**
 * Installs TensorFlow's library into `<simclrHome>/tensorflow` (or `tensorflow-gpu`) with pip, the npm package
 * `@tensorflow/tfjs-node` (or `-gpu`) beside it unless your program has it, and compiles that package's binding
 * against the library. How, and what it never does: see `installEngine`. Writes nothing into your `node_modules`.
 *
 * @throws SimclrError for a platform other than Linux on x86-64, no C++ compiler, no or too old Python, no pip, too
 * little disk, no network, a failing compiler, or a library that does not load.
 * @example
 * const { folder, version } = await installTensorflow()
 */
export async function installTensorflow(options: InstallTensorflowOptions = {}): Promise<InstalledEngine> {
  const { engine = 'tensorflow', version = '>=2.20,<2.22' } = options
  const installable = INSTALLABLES[engine]
  return installEngine(
    {
      ...installable,
      usableVersion: async (folder) =>
        findTfjsNode(engine, folder) === undefined ? undefined : installedVersion(folder),
      check: async (environment) => {
        await checkCompiler(installable, environment)
      },
      verify: async (folder, signal) => {
        const version = installedVersion(folder)
        const packageFolder = findTfjsNode(engine, folder)
        if (version === undefined || packageFolder === undefined) {
          throw new SimclrError({
            parameter: `engine install ${engine}`,
            expected: `complete in ${folder}`,
            received: 'a folder without its libraries',
            remedy: `Try another version (${installable.versionFlag} NUMBER).`,
          })
        }
        const binding = bindingOf(folder)
        const source = 'installed by simclr'
        await verifyTensorflow({ name: engine, packageFolder, binding, version, source }, signal)
      },
      build: async ({ pip, target, environment, log, signal }) => {
        const specifier = `${tensorflowPackage(engine)}@${TFJS_NODE_VERSION}`
        await pip(['--no-deps', `${installable.wheel}${versionSpecifier(version)}`])
        if (engine === 'tensorflow-gpu') await pip(['--no-deps', ...gpuRequirements(target)])
        if (findTfjsNode(engine, target) === undefined) {
          log(`  installing the npm package ${specifier}`)
          await runNpm(specifier, { installable, target, environment, signal })
        }
        log('  compiling its binding')
        const compiler = await checkCompiler(installable, environment)
        const packageFolder = findTfjsNode(engine, target)!
        await compileBinding({ installable, compiler, packageFolder, target, environment, signal })
        await pruneTensorflow(target)
      },
    },
    options,
  )
}
