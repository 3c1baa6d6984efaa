export { BatchNorm, type BatchNormApplyOptions, type BatchNormOptions } from './batch-norm.ts'
export { type BatchNormTrainingOptions, batchNormTraining } from './batch-norm-training.ts'
export { LinearHead, type LinearHeadOptions } from './linear-head.ts'
export {
  ProjectionHead,
  type ProjectionHeadApplyOptions,
  type ProjectionHeadOptions,
  type ProjectionHeadType,
} from './projection-head.ts'
export { ResNet, type ResNetOptions } from './resnet.ts'
export { type ResNetVariant, resNetVariants } from './resnet-variants.ts'
export {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsArray,
  type SafetensorsDtype,
} from './safetensors.ts'
export { SimclrNetwork, type SimclrNetworkOptions } from './simclr-network.ts'
export type { StemType } from './stem.ts'
export { loadWeights, moduleWeights, type Weights, weightsUnder } from './weights.ts'
