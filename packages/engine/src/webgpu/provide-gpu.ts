/** WebGPU for Node: the npm package `webgpu`, which holds Chromium's implementation Dawn, in the place where browsers have theirs. */

/**
 * Puts the classes of WebGPU on `globalThis` and `gpu` on `navigator`, which Node has from 21 on; repeatable.
 *
 * @throws Error if the package is not installed or has no binary for this platform.
 */
export async function provideGpu(): Promise<GPU> {
  const scope = globalThis as { navigator?: { gpu?: GPU } }
  if (scope.navigator?.gpu !== undefined) return scope.navigator.gpu
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  scope.navigator ??= {}
  Object.defineProperty(scope.navigator, 'gpu', { value: gpu })
  return gpu
}
