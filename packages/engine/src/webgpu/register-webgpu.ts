/** TensorFlow.js's WebGPU backend in Node, which makes it compute on GPUs of any make. */
import { SimclrError } from '@simclr/core'
import { findBackendFactory } from '@tensorflow/tfjs-core'
import { provideGpu } from './provide-gpu.ts'

/** What WebGPU needs here and how to get it. */
const { driver, remedy } = {
  darwin: { driver: 'Metal', remedy: 'Leave the virtual machine, if this is one: it may lack Metal.' },
  win32: { driver: 'a Direct3D 12 driver', remedy: 'Install the driver of the GPU.' },
}[process.platform as string] ?? {
  driver: 'a Vulkan driver and libvulkan.so.1',
  remedy:
    "Install the Vulkan driver of the GPU and libvulkan1, or set VK_DRIVER_FILES to a software adapter: Chromium's " +
    'vk_swiftshader_icd.json.',
}

/**
 * Registers the `webgpu` backend over the npm packages `webgpu` and `@tensorflow/tfjs-backend-webgpu`; repeatable.
 * Read its tensors with `data()`: in Node nothing reads them synchronously.
 *
 * @returns the device that it computes on, e.g. `SwiftShader driver 5.0.0 (software)`.
 * @throws SimclrError if a package is missing, or no device with a driver is found.
 */
export async function registerWebgpu(): Promise<string> {
  const adapter = await requestAdapter(await required(provideGpu))
  await required(() => import('@tensorflow/tfjs-backend-webgpu'))
  if (findBackendFactory('webgpu') == null) {
    throw new SimclrError({
      parameter: 'registerWebgpu',
      expected: 'called before @tensorflow/tfjs-backend-webgpu is imported, which looks for WebGPU only then',
      received: 'a process that has imported it without WebGPU',
      remedy: "Leave that import to useEngine('webgpu').",
    })
  }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info
  return `${description || `${vendor} ${architecture}`}${isFallbackAdapter ? ' (software)' : ''}`
}

async function required<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    throw new SimclrError({
      parameter: 'registerWebgpu',
      expected: 'a machine that loads the npm packages webgpu and @tensorflow/tfjs-backend-webgpu',
      received: (cause as Error).message,
      remedy: 'Run: npm install webgpu @tensorflow/tfjs-backend-webgpu',
      cause,
    })
  }
}

async function requestAdapter(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter !== null) return adapter
  throw new SimclrError({
    parameter: 'registerWebgpu: device',
    expected: `a graphics device with ${driver}`,
    received: 'none',
    remedy,
  })
}
