import { packageBuild } from '../../tsup.config.base.ts'

export default packageBuild([
  'src/index.ts',
  'src/main.ts',
  'src/bench/step-worker.ts',
  'src/bench/plain-step-worker.ts',
  'src/bench/loss-worker.ts',
  'src/bench/views-worker.ts',
  'src/bench/optimizer-worker.ts',
  'src/bench/logistic-worker.ts',
  'src/bench/scale-worker.ts',
])
