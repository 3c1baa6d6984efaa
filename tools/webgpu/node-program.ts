/** Runs the three steps in Node on the backends cpu and webgpu and prints them, then the selected engine, as JSON. */
import { useEngine } from '@simclr/engine'
import { threeSteps } from './three-steps.ts'

await useEngine('cpu')
const cpu = await threeSteps()
const engine = await useEngine('webgpu')
const webgpu = await threeSteps()
console.log(JSON.stringify({ cpu, webgpu, engine }))
