/** `npm run examples`: runs every example with `--smoke` against the built packages. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { main, node, root, StepFailed } from './run.mjs'
import { buildPackages, installPackages, step } from './steps.mjs'

await main(async () => {
  await installPackages()
  await buildPackages()
  const failed = []
  for (const example of examples()) {
    await step(example, () => node(['--import', 'tsx', example, '--smoke'], { quiet: true })).catch(
      (error) => {
        if (!(error instanceof StepFailed) || error.stopped) throw error
        failed.push(error.message)
      },
    )
  }
  if (failed.length > 0) throw new StepFailed(`failed: ${failed.join('; ')}`)
})

function examples() {
  return readdirSync(join(root, 'examples'), { recursive: true })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => join('examples', path))
    .sort()
}
