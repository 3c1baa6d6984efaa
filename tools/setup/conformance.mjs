/** `pnpm conformance [--backend NAME] [--filter TEXT]`: TensorFlow.js's own test suite against an engine. */
import { main, node } from './run.mjs'
import { buildPackages, installPackages } from './steps.mjs'

await main(async () => {
  await installPackages()
  await buildPackages()
  return (await node(['--import', 'tsx', 'tools/conformance/run.ts', ...process.argv.slice(2)])).code
})
