export { type CachedFeaturesOptions, cachedFeatures } from './cached-features.ts'
export { folderStore } from './folder-store.ts'
