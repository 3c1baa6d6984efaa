import { packageBuild } from '../../tsup.config.base.ts'

export default {
  ...packageBuild(),
  entry: { index: 'src/index.ts', 'watch-worker': 'src/watch/watch-worker.ts' },
}
