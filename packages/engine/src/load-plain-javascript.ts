/** TensorFlow.js's plain JavaScript backend, present only where somebody installed it. */

/** The npm package; not a dependency of this one. */
export const PLAIN_JAVASCRIPT = '@tensorflow/tfjs-backend-cpu'

/**
 * Registers the backend `cpu`.
 *
 * @returns the version of the npm package.
 * @throws Error if it is not installed.
 */
export async function loadPlainJavaScript(): Promise<string> {
  const name: string = PLAIN_JAVASCRIPT
  const { version_cpu } = (await import(name)) as { version_cpu: string }
  return version_cpu
}
