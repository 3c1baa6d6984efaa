/** Runs before every test file: selects the engine that the vitest project names, and adds the matchers. */
import { useEngine } from '@simclr/engine'
import './matchers.ts'

await useEngine((process.env.SIMCLR_TEST_ENGINE ?? 'cpu') as 'cpu' | 'auto', { log: () => {} })
