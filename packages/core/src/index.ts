export { checkInteger, checkPositive, checkRange, checkShape, nearestWord } from './check.ts'
export {
  type AllReduceOptions,
  type Communicator,
  type Pending,
  type PendingOperations,
  singleProcess,
} from './communicator.ts'
export { addEach, multiplyEach, normEach } from './each.ts'
export { SimclrError, type SimclrErrorDetails } from './errors.ts'
export { type NativeMemory, nativeMemory } from './native-memory.ts'
export type {
  ApplyOptions,
  Module,
  NamedTensor,
  Parameter,
  ParameterRole,
  StateVariable,
} from './parameter.ts'
export { RandomKey, threefry2x32 } from './random.ts'
export { valueAndGradients } from './value-and-gradients.ts'
