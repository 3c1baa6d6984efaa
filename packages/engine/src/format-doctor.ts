/** The doctor's facts as text. */
import type { DiagnosedEngine, EngineDiagnosis } from './doctor.ts'
import { formatChoices } from './format-choices.ts'
import { formatRows, type Row } from './format-rows.ts'

const IN_A_CLONE = 'In a clone of the repository the command simclr is: pnpm simclr'

/** One fact a line, for a terminal; what is missing comes with the reason and the command that gets it. */
export function formatDoctor(diagnosis: EngineDiagnosis): string {
  const { memory, python, engines, choice, threads, engineThreads } = diagnosis
  const text = formatRows([
    ['node', `${diagnosis.node} on ${diagnosis.platform}`],
    ['processor', `${diagnosis.processor}, ${threads} threads`],
    ...(engineThreads === threads
      ? []
      : [['', `engines take ${engineThreads}, as OMP_NUM_THREADS says`] as const]),
    ['memory', `${gigabytes(memory.totalBytes)}, ${gigabytes(memory.freeBytes)} free`],
    ...gpuFacts(diagnosis),
    [
      'python',
      python === undefined
        ? 'none: installing an engine takes Python 3 with pip'
        : `${python.version}, ${python.pip ? `pip ${python.pip}` : 'no pip, which installing an engine takes'}`,
    ],
    ['home', diagnosis.home],
    ...engines.flatMap(engineFacts),
    ['auto takes', choice === 'wasm' ? 'wasm, which is slow for training' : choice],
  ])
  return text.includes(': simclr ') ? `${text}\n\n${IN_A_CLONE}` : text
}

function gpuFacts({ gpus, hasCudaLibtorch }: EngineDiagnosis): Row[] {
  if (gpus.length === 0) return [['gpu', 'none that nvidia-smi lists']]
  return [
    ...gpus.map(
      ({ name, driver, memory }, i): Row => [i === 0 ? 'gpu' : '', `${name}, ${memory}, driver ${driver}`],
    ),
    [
      '',
      hasCudaLibtorch
        ? 'libtorch is there for it: --device cuda'
        : 'no libtorch for it; get one: simclr engine install libtorch --device cuda',
    ],
  ]
}

function engineFacts(engine: DiagnosedEngine): Row[] {
  const { name, available, version, detail, command, failure } = engine
  if (!available) {
    return [
      [name, `not available: ${detail}`],
      ...(command === undefined ? [] : [['', `get it: ${command}`] as const]),
    ]
  }
  return [
    [name, failure === undefined ? `${version}, works` : `${version}, does not work: ${failure}`],
    ['', detail],
    ...formatChoices(engine),
  ]
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
