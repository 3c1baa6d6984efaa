/** `simclr report`: writes one HTML file about a run. */
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { renderCurves, writeReport } from '@simclr/report'
import { type LoadedEncoder, loadEncoder, openConfiguredDataset } from '@simclr/trainer/node'
import type { Command } from 'commander'
import writeFileAtomic from 'write-file-atomic'
import { collectReport, type TrainedEncoder } from '../collect-report.ts'
import { addDatasetFlags, type DatasetFlags, withDatasetFlags } from '../dataset-flags.ts'
import { addEngineFlags, type EngineFlags, startEngine } from '../engine-flags.ts'

interface ReportFlags extends EngineFlags, DatasetFlags {
  out?: string
  curves?: string
}

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .description('one HTML file about a run: curves, views, neighbours, a map of the embeddings')
    .argument('<run>', 'folder of a run')
  addDatasetFlags(command)
    .option('--out <file>', 'where to write it (default: report.html in the run)')
    .option('--curves <file>', 'also write the curves alone, as SVG')
  addEngineFlags(command).action(run)
}

async function run(folder: string, flags: ReportFlags): Promise<void> {
  await startEngine(flags)
  const loaded = await loadEncoder(folder)
  const trained = trainedRun(folder, loaded)
  const dataset = await openConfiguredDataset(withDatasetFlags(trained.config, flags))
  try {
    const path = flags.out ?? join(folder, 'report.html')
    const data = await collectReport(folder, trained, dataset)
    await writeReport(path, data)
    if (flags.curves !== undefined) await writeFileAtomic(flags.curves, renderCurves(data))
    console.log(`report: ${path}`)
  } finally {
    await dataset.close()
    loaded.encoder.dispose()
  }
}

/** @throws SimclrError for imported weights, which no run trained. */
function trainedRun(folder: string, { encoder, path, run }: LoadedEncoder): TrainedEncoder {
  if (run !== undefined) return { encoder, path, ...run }
  throw new SimclrError({
    parameter: 'report',
    expected: 'the folder of a run',
    received: `${folder}, which holds imported weights`,
    remedy: 'Evaluate them with simclr knn or simclr linear-eval.',
  })
}
