export { BatchNorm, type BatchNormApplyOptions, type BatchNormOptions } from './batch-norm.ts'
export { type BatchNormTrainingOptions, batchNormTraining } from './batch-norm-training.ts'
export type { ExportedHead } from './export/inference-model.ts'
export { encodeNpy } from './export/npy.ts'
export { encodeNpz } from './export/npz.ts'
export { type EncodeOnnxOptions, encodeOnnx } from './export/onnx.ts'
export { type EncodeTfjsGraphModelOptions, encodeTfjsGraphModel } from './export/tfjs-graph-model.ts'
export type { ByteSource } from './files/byte-source.ts'
export { bytesSource } from './files/bytes-source.ts'
export { objectGraphNames } from './files/object-graph-names.ts'
export { type OnnxFile, openOnnx } from './files/open-onnx.ts'
export { openPytorchZip } from './files/open-pytorch-zip.ts'
export { openSafetensors, type SafetensorsFile } from './files/open-safetensors.ts'
export { openTensorflowCheckpoint, type TensorflowCheckpoint } from './files/open-tensorflow-checkpoint.ts'
export {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsArray,
  type SafetensorsDtype,
  type SafetensorsOptions,
} from './files/safetensors.ts'
export { safetensorsParts } from './files/safetensors-parts.ts'
export type { ArrayInfo, WeightDtype, WeightFile } from './files/weight-file.ts'
export { LinearHead, type LinearHeadOptions } from './linear-head.ts'
export { MlpHead, type MlpHeadOptions } from './mlp-head.ts'
export { type EncoderVariable, encoderVariables } from './names/encoder-variables.ts'
export { type ImportEncoderOptions, importEncoder } from './names/import-encoder.ts'
export { type ImportedHeads, importHeads } from './names/import-heads.ts'
export { importLinearHead } from './names/import-linear-head.ts'
export { importProjectionHead } from './names/import-projection-head.ts'
export { inferArchitecture } from './names/infer-architecture.ts'
export {
  type EncoderWeights,
  type ReadEncoderWeightsOptions,
  readEncoderWeights,
} from './names/read-encoder-weights.ts'
export { torchvisionWeights } from './names/torchvision-weights.ts'
export {
  ProjectionHead,
  type ProjectionHeadApplyOptions,
  type ProjectionHeadOptions,
  type ProjectionHeadType,
} from './projection-head.ts'
export { ResNet, type ResNetOptions } from './resnet.ts'
export type { ResNetArchitecture, ResNetArchitectureOptions, ResNetStyle } from './resnet-architecture.ts'
export { type ResNetCounts, resNetCounts } from './resnet-counts.ts'
export { type ResNetVariant, resNetVariants } from './resnet-variants.ts'
export { SimclrNetwork, type SimclrNetworkOptions } from './simclr-network.ts'
export type { StemType } from './stem.ts'
export { loadWeightFile, loadWeights, moduleWeights, type Weights, weightsUnder } from './weights.ts'
