/** All engines. To add one, add its file beside this one and a row here. */
import type { Engine } from './engine.ts'
import { libtorchEngine } from './libtorch.ts'
import { plainJavaScriptEngine } from './plain-javascript.ts'
import { tensorflowEngine, tensorflowGpuEngine } from './tensorflow.ts'
import { wasmEngine } from './wasm.ts'
import { webgpuEngine } from './webgpu.ts'

/** From the fastest to the slowest. */
export const engines: readonly Engine[] = [
  libtorchEngine,
  tensorflowGpuEngine,
  tensorflowEngine,
  webgpuEngine,
  wasmEngine,
  plainJavaScriptEngine,
]

/** Those among which `auto` chooses: it takes the first that works. The last one always does. */
export const automaticEngines: readonly Engine[] = [
  libtorchEngine,
  tensorflowGpuEngine,
  tensorflowEngine,
  wasmEngine,
]
