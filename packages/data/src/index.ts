export type { CropBox, ImageSize } from '@simclr/augment/image'
export type {
  BatchOptions,
  Dataset,
  DrawCrop,
  ImageBatch,
  Shard,
  SplitName,
} from './dataset.ts'
export { imageTensor } from './image-tensor.ts'
export { labelList } from './label-list.ts'
export { type LabelSubsetOptions, labelSubset } from './label-subset.ts'
export { type MemoryDatasetOptions, type MemorySplit, memoryDataset } from './memory-dataset.ts'
export type { Metric } from './metric.ts'
export { ResidentImages, residentImages } from './resident-images.ts'
export { sampleImages } from './sample-images.ts'
export { type SyntheticOptions, synthetic } from './synthetic.ts'
