import { packageBuild } from '../../tsup.config.base.ts'

export default {
  ...packageBuild(),
  // The probe runs in a child process. tfjs-core's gradients have no entry point that Node resolves: bundled.
  entry: { index: 'src/index.ts', 'probe-libtorch': 'src/install/probe-libtorch.ts' },
  noExternal: [/tfjs-core.dist/],
}
