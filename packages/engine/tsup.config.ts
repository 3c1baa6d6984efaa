import { packageBuild } from '../../tsup.config.base.ts'

export default {
  ...packageBuild(),
  // The probes run in child processes. tfjs-core's gradients have no entry point that Node resolves: bundled.
  entry: {
    index: 'src/index.ts',
    'probe-libtorch': 'src/probes/probe-libtorch.ts',
    'probe-tensorflow': 'src/probes/probe-tensorflow.ts',
    'probe-webgpu': 'src/probes/probe-webgpu.ts',
  },
  noExternal: [/tfjs-core.dist/],
}
