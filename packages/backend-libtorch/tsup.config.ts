import { packageBuild } from '../../tsup.config.base.ts'

// Kernels of tfjs's cpu backend have no entry point that Node resolves: bundled.
export default {
  ...packageBuild(['src/index.ts', 'src/register.ts']),
  noExternal: [/tfjs-backend-cpu.dist/, 'seedrandom'],
}
