/** `simclr export`: an encoder in the formats of other libraries. */
import { type ExportFormat, exportEncoder, exportFormats, loadEncoder } from '@simclr/trainer/node'
import { type Command, Option } from 'commander'
import { addEngineFlags, type EngineFlags, startEngine } from '../engine-flags.ts'

interface ExportFlags extends EngineFlags {
  to: ExportFormat
  out: string
}

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('write an encoder for PyTorch, ONNX runtimes, TensorFlow.js or NumPy')
    .argument('<run>', 'folder of a run, of one of its checkpoints, or of imported weights')
    .addOption(
      new Option(
        '--to <format>',
        Object.entries(exportFormats)
          .map(([name, what]) => `${name}: ${what}`)
          .join('; '),
      )
        .choices(Object.keys(exportFormats))
        .makeOptionMandatory(),
    )
    .requiredOption('--out <path>', 'the file to write, or the folder of tfjs')
  addEngineFlags(command).action(async (run: string, flags: ExportFlags) => {
    await startEngine(flags)
    const { encoder } = await loadEncoder(run)
    try {
      await exportEncoder(encoder, flags.to, flags.out)
    } finally {
      encoder.dispose()
    }
    console.log(`${flags.to}: ${flags.out}`)
  })
}
