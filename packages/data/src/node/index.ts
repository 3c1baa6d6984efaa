export { type Cifar10Options, cifar10 } from './cifar10.ts'
export { type ImageFolderOptions, imageFolder } from './image-folder.ts'
export { openDataset } from './open-dataset.ts'
