/** `simclr report`: writes one HTML file about a run. */
import { join } from 'node:path'
import { openDataset } from '@simclr/data/node'
import { writeReport } from '@simclr/report'
import { loadEncoder } from '@simclr/trainer/node'
import type { Command } from 'commander'
import { collectReport } from '../collect-report.ts'
import { addEngineFlags, type EngineFlags, startEngine } from '../engine-flags.ts'

interface ReportFlags extends EngineFlags {
  data?: string
  out?: string
}

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .description('one HTML file about a run: curves, views, neighbours, a map of the embeddings')
    .argument('<run>', 'folder of a run')
    .option('--data <spec>', 'dataset of the images to show (default: the one of the run)')
    .option('--out <file>', 'where to write it (default: report.html in the run)')
  addEngineFlags(command).action(run)
}

async function run(folder: string, flags: ReportFlags): Promise<void> {
  await startEngine(flags)
  const loaded = await loadEncoder(folder)
  const dataset = await openDataset(flags.data ?? loaded.config.data)
  try {
    const path = flags.out ?? join(folder, 'report.html')
    await writeReport(path, await collectReport(folder, loaded, dataset))
    console.log(`report: ${path}`)
  } finally {
    await dataset.close()
    loaded.encoder.dispose()
  }
}
