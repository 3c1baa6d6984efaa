/** Runs before every test file: selects the engine that the vitest project names, and adds the matchers. */
import '@tensorflow/tfjs-core/dist/base_side_effects'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import './matchers.ts'

const wanted = (process.env.SIMCLR_TEST_ENGINE ?? 'cpu') as 'cpu' | 'auto'
if (wanted === 'cpu') {
  await setBackend('cpu')
} else {
  const { useEngine } = await import('@simclr/engine')
  await useEngine(wanted, { log: () => {} })
}
