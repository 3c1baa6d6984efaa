import { defineConfig } from 'vitest/config'

/** Packages whose code must run on any TensorFlow.js backend: tested on the plain cpu backend and on the best engine. */
const portable = ['core', 'losses', 'optimizers', 'augment']
/** Packages that are tested on the best engine of this machine only. */
const onEngine = [
  'models',
  'data',
  'eval',
  'trainer',
  'report',
  'backend-libtorch',
  'engine',
  'distributed',
  'cli',
]

/** Packages that are tested on TensorFlow.js's official engine too: `simclr engine install tensorflow`. */
const leaves = ['losses', 'optimizers', 'augment', 'models', 'data', 'eval']

function project(
  name: string,
  engine: 'cpu' | 'auto' | 'tensorflow',
  packages: readonly string[],
  extra: string[] = [],
) {
  return {
    extends: true as const,
    test: {
      name,
      include: [...packages.map((folder) => `packages/${folder}/src/**/*.test.ts`), ...extra],
      // Two workers on two cores: one thread each, or OpenMP's waiting threads take each other's time.
      env: { SIMCLR_TEST_ENGINE: engine, OMP_NUM_THREADS: '1' },
    },
  }
}

export default defineConfig({
  resolve: { conditions: ['@simclr/source'] },
  ssr: { resolve: { conditions: ['@simclr/source'] } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    setupFiles: ['tools/testing/setup.ts'],
    projects: [
      project('cpu', 'cpu', portable),
      project('engine', 'auto', [...portable.slice(1), ...onEngine], ['tools/**/*.test.ts']),
      project('tensorflow', 'tensorflow', leaves),
    ],
  },
})
