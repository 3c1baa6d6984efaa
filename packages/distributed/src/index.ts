export {
  GRADIENT_BUCKET_BYTES,
  type Link,
  type StepCost,
  type StepCostOptions,
  type StepMachine,
  type StepSeconds,
  type StepTraffic,
  type StepWork,
  stepCost,
} from './cost-model.ts'
export { type MpiTransport, type MpiTransportOptions, openMpiTransport } from './mpi/mpi-transport.ts'
export type { NcclOptions } from './nccl/open-nccl-on-engine.ts'
export { joinProcessGroup, type ProcessGroup, type ProcessGroupOptions } from './process-group.ts'
export { openTcpStore, type TcpStore, type TcpStoreOptions } from './tcp-store.ts'
export { tensorCommunicator, type WaitObserver } from './tensor-communicator.ts'
export type { ElementType, Memory, Request, Transport } from './transport.ts'
