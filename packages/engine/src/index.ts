export { type DoctorOptions, doctor, type EngineDiagnosis } from './doctor.ts'
export type { EngineName, EngineSelection } from './engine-selection.ts'
export {
  findLibtorch,
  type LibtorchLocation,
  type LibtorchSearch,
  type LibtorchSource,
  libtorchHome,
} from './find-libtorch.ts'
export { formatDoctor } from './format-doctor.ts'
export { formatEngines } from './format-engines.ts'
export {
  type InstalledLibtorch,
  type InstallLibtorchOptions,
  installLibtorch,
} from './install/install-libtorch.ts'
export { type EngineStatus, listEngines } from './list-engines.ts'
export { registerWasm } from './register-wasm.ts'
export { simclrHome } from './simclr-home.ts'
export { type UseEngineOptions, useEngine } from './use-engine.ts'
