/**
 * `npm test`: installs what is missing, builds, checks the types and runs every test. The last line is
 * `N passed, N failed`; a failed step before the tests counts as one failed test. What follows `npm test --` goes to
 * vitest, e.g. `npm test -- packages/losses`. With SIMCLR_TEST_ALL_ENGINES=1 it installs TensorFlow too (0.9 GB) and runs
 * the leaf packages' tests on it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main, node, StepFailed } from './run.mjs'
import { buildPackages, installEngine, installPackages, step } from './steps.mjs'

await main(async () => {
  const failedSteps = []
  const allEngines = process.env.SIMCLR_TEST_ALL_ENGINES === '1'
  const engines = allEngines ? ['libtorch', 'tensorflow'] : ['libtorch']
  const installs = engines.map((engine) => () => installEngine(engine))
  for (const prepare of [installPackages, buildPackages, ...installs, checkTypes]) {
    await prepare().catch((error) => {
      if (!(error instanceof StepFailed) || error.stopped) throw error
      failedSteps.push(error.message)
    })
  }
  const { passed, failures, skipped } = await runTests(
    allEngines ? ['cpu', 'engine', 'tensorflow'] : ['cpu', 'engine'],
  )

  for (const name of skipped) console.log(`skipped: ${name}`)
  const failed = [...failedSteps, ...failures]
  for (const name of failed) console.log(`FAILED: ${name}`)
  const alsoSkipped = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  console.log(`${passed} passed, ${failed.length} failed${alsoSkipped}`)
  return failed.length > 0 ? 1 : 0
})

async function checkTypes() {
  await step('check types', () => node(['node_modules/typescript/bin/tsc', '--noEmit'], { quiet: true }))
}

/** @returns the summary that test-summary.mjs writes. */
async function runTests(projects) {
  const folder = mkdtempSync(join(tmpdir(), 'simclr-test-'))
  const file = join(folder, 'summary.json')
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=./tools/setup/test-summary.mjs',
    ...projects.map((project) => `--project=${project}`),
  ]
  try {
    const { code } = await node([...vitest, ...process.argv.slice(2)], {
      environment: { SIMCLR_TEST_SUMMARY: file },
    })
    const summary = JSON.parse(readFileSync(file, 'utf8'))
    if (code !== 0 && summary.failures.length === 0) summary.failures.push(`vitest: exit code ${code}`)
    return summary
  } catch (error) {
    if (error instanceof StepFailed) throw error
    return { passed: 0, failures: ['vitest: ended without a result'], skipped: [] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
