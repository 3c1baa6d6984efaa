import { packageBuild } from '../../tsup.config.base.ts'

export default packageBuild(['src/index.ts', 'src/plain.ts', 'src/simd/index.ts', 'src/node/index.ts'])
