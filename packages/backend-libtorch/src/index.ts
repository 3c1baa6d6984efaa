export { inspectLibtorch, type LibtorchInstallation } from './inspect-libtorch.ts'
export { LibtorchError } from './libtorch-error.ts'
export { type LibtorchOptions, liveHandles, registerLibtorch } from './register-libtorch.ts'
