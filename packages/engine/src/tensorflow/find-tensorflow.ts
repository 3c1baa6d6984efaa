/** Finds an official TensorFlow engine, npm package and native library, without loading it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { simclrHome } from '../simclr-home.ts'

export type TensorflowName = 'tensorflow' | 'tensorflow-gpu'

/** The npm packages that bring the kernels; optional peers of this one. */
const PACKAGES: Record<TensorflowName, string> = {
  tensorflow: '@tensorflow/tfjs-node',
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
}

/** What the compiled native module links against, in `tensorflow/` beside it. */
export const LIBRARIES: readonly string[] = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

export interface TensorflowLocation {
  readonly name: TensorflowName
  /** Folder of the npm package that brings the kernels. */
  readonly packageFolder: string
  /** Path of the native module `tfjs_binding.node`. */
  readonly binding: string
  /** TensorFlow's, or the npm package's where the library is its own. */
  readonly version: string
  readonly source: 'installed by simclr' | 'downloaded by its npm package'
}

/** Either what was found, or what is missing, in one clause. */
export type TensorflowSearch =
  | { readonly found: TensorflowLocation; readonly obstacle?: undefined }
  | { readonly found?: undefined; readonly obstacle: string }

/** The name on npm, e.g. `@tensorflow/tfjs-node`. */
export function tensorflowPackage(name: TensorflowName): string {
  return PACKAGES[name]
}

/** The folder that {@link installTensorflow} fills. */
export function tensorflowHome(name: TensorflowName, environment: NodeJS.ProcessEnv = process.env): string {
  return join(simclrHome(environment), name)
}

/**
 * Looks for the npm package beside this one, in the working directory and where {@link installTensorflow} puts it;
 * then for the library that {@link installTensorflow} compiled, and for the one that the package downloaded itself.
 */
export function findTensorflow(
  name: TensorflowName,
  environment: NodeJS.ProcessEnv = process.env,
): TensorflowSearch {
  const home = tensorflowHome(name, environment)
  const packageFolder = findTfjsNode(name, home)
  if (packageFolder === undefined) return { obstacle: `the npm package ${PACKAGES[name]} is not installed` }
  const version = installedVersion(home)
  if (version !== undefined) {
    return {
      found: { name, packageFolder, binding: bindingOf(home), version, source: 'installed by simclr' },
    }
  }
  const binding = join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node')
  if (!existsSync(binding)) {
    return { obstacle: `no TensorFlow in ${home}, and ${PACKAGES[name]} has downloaded none` }
  }
  const about = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const source = 'downloaded by its npm package'
  return { found: { name, packageFolder, binding, version: about.version, source } }
}

/**
 * The folder of the npm package: resolvable from this one, from the working directory, or installed in `home`.
 *
 * @returns undefined if it is in none of them.
 */
export function findTfjsNode(name: TensorflowName, home: string): string | undefined {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json'), join(home, 'package.json')]) {
    try {
      return dirname(createRequire(from).resolve(`${PACKAGES[name]}/package.json`))
    } catch {}
  }
  return undefined
}

/** Path of the native module that {@link installTensorflow} compiles into `folder`. */
export function bindingOf(folder: string): string {
  return join(folder, 'tfjs_binding.node')
}

/** The version of the TensorFlow that {@link installTensorflow} put into `folder`; undefined unless it is whole. */
export function installedVersion(folder: string): string | undefined {
  const parts = [bindingOf(folder), ...LIBRARIES.map((library) => join(folder, 'tensorflow', library))]
  if (!parts.every((part) => existsSync(part))) return undefined
  return readdirSync(folder)
    .map((entry) => /^tensorflow(?:_cpu)?-(\d[^-]*)\.dist-info$/.exec(entry)?.[1])
    .find((version) => version !== undefined)
}
