/**
 * `npm start`: installs what is missing, builds, pretrains on images the program draws itself, evaluates, and writes a
 * report. What follows `npm start --` goes to `simclr pretrain`, e.g. `npm start -- --epochs 5`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { main, node, root, StepFailed } from './run.mjs'
import { buildPackages, installEngine, installPackages, simclr } from './steps.mjs'

const extra = process.argv.slice(2)

await main(async () => {
  const out = chosenFolder() ?? freshFolder()
  await installPackages()
  await buildPackages()
  await installEngine()
  await command('pretrain', '--preset', 'tiny', '--data', 'synthetic', '--out', out, ...extra)
  await command('knn', out)
  await command('linear-eval', out, '--method', 'logistic')
  await command('report', out)

  const accuracies = onlineAccuracies(join(root, out))
  if (accuracies.length > 0) {
    console.log(`\nkNN accuracy: ${accuracies[0]} untrained → ${accuracies.at(-1)} trained`)
  }
  console.log(`report: ${join(out, 'report.html')}`)
})

async function command(...args) {
  console.log(`\n$ simclr ${args.join(' ')}`)
  const { code } = await node([simclr, ...args])
  if (code !== 0) throw new StepFailed(`simclr ${args[0]}: exit code ${code}`, code)
}

function chosenFolder() {
  return parseArgs({ args: extra, options: { out: { type: 'string' } }, strict: false }).values.out
}

/** Every demo gets its own folder: runs/demo-1, runs/demo-2, … */
function freshFolder() {
  for (let number = 1; ; number++) {
    const folder = `runs/demo-${number}`
    if (!existsSync(join(root, folder))) return folder
  }
}

/** The online kNN evaluations of a run, as percentages; the first is the untrained encoder. */
function onlineAccuracies(folder) {
  return readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'knn')
    .map(({ accuracy }) => `${(100 * accuracy).toFixed(1)} %`)
}
