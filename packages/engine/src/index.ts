export { type DiagnosedEngine, type DoctorOptions, doctor, type EngineDiagnosis } from './doctor.ts'
export type {
  Device,
  Engine,
  EngineName,
  EngineSelection,
  EngineStatus,
  Precision,
  UseEngineOptions,
} from './engines/engine.ts'
export { findGpus, type Gpu } from './find-gpus.ts'
export {
  findLibtorch,
  type LibtorchLocation,
  type LibtorchSearch,
  type LibtorchSource,
  libtorchHome,
} from './find-libtorch.ts'
export { formatDoctor } from './format-doctor.ts'
export { formatEngines } from './format-engines.ts'
export type { InstallEngineOptions, InstalledEngine } from './install/install-engine.ts'
export { type InstallLibtorchOptions, installLibtorch } from './install/install-libtorch.ts'
export { type InstallTensorflowOptions, installTensorflow } from './install/install-tensorflow.ts'
export { type ListedEngine, listEngines } from './list-engines.ts'
export {
  type KernelProfile,
  type KernelTime,
  type OperatorCallTime,
  profileKernels,
} from './profile-kernels.ts'
export { registerWasm } from './register-wasm.ts'
export { simclrHome } from './simclr-home.ts'
export {
  findTensorflow,
  type TensorflowLocation,
  type TensorflowName,
  type TensorflowSearch,
  tensorflowHome,
} from './tensorflow/find-tensorflow.ts'
export { useEngine } from './use-engine.ts'
export { registerWebgpu } from './webgpu/register-webgpu.ts'
