/** All commands of `simclr`. */
import { createRequire } from 'node:module'
import { Command } from 'commander'
import { addBench } from './commands/bench.ts'
import { addData } from './commands/data.ts'
import { addEngine } from './commands/engine.ts'
import { addExport } from './commands/export.ts'
import { addFineTune } from './commands/fine-tune.ts'
import { addImport } from './commands/import.ts'
import { addKnn } from './commands/knn.ts'
import { addLinearEval } from './commands/linear-eval.ts'
import { addPretrain } from './commands/pretrain.ts'
import { addReport } from './commands/report.ts'
import { addTransfer } from './commands/transfer.ts'

/** The parser with every command; `parseAsync` runs the one that was asked for. */
export function buildProgram(): Command {
  const { version } = createRequire(import.meta.url)('simclr/package.json') as { version: string }
  const program = new Command('simclr')
    .description('SimCLR: contrastive learning of visual representations (arXiv 2002.05709)')
    .version(version)
    .showHelpAfterError('(--help shows all options)')
    .configureHelp({ showGlobalOptions: true })
  addPretrain(program)
  addKnn(program)
  addLinearEval(program)
  addFineTune(program)
  addTransfer(program)
  addReport(program)
  addImport(program)
  addExport(program)
  addData(program)
  addEngine(program)
  addBench(program)

  return program
}
