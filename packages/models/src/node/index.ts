export { type FileSource, openFile } from './file-source.ts'
export { type OpenWeights, openWeights } from './open-weights.ts'
