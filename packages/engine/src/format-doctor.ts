/** The doctor's facts as text. */
import type { EngineDiagnosis } from './doctor.ts'
import { INSTALL_COMMAND } from './install-command.ts'

/** One fact a line, for a terminal; ends with what to do if the fast engine is missing. */
export function formatDoctor(diagnosis: EngineDiagnosis): string {
  const { memory, python, libtorch, wasm, choice } = diagnosis
  const { found, failure, obstacles } = libtorch
  const facts: [string, string][] = [
    ['node', `${diagnosis.node} on ${diagnosis.platform}`],
    ['processor', `${diagnosis.processor}, ${diagnosis.threads} threads`],
    ['memory', `${gigabytes(memory.totalBytes)}, ${gigabytes(memory.freeBytes)} free`],
    [
      'python',
      python === undefined ? 'none' : `${python.version}, ${python.pip ? `pip ${python.pip}` : 'no pip'}`,
    ],
    ['home', diagnosis.home],
    ['libtorch', found === undefined ? 'none' : `${found.version} in ${found.folder} (${found.source})`],
    ...obstacles.map((obstacle): [string, string] => ['', obstacle]),
    ...(failure === undefined ? [] : [['', `does not load: ${failure}`] as [string, string]]),
    ['wasm', `${wasm.version}, ${wasm.simd ? 'with' : 'without'} SIMD`],
    ['precision', diagnosis.precision],
    ['auto takes', `${choice.name}: ${choice.reason}`],
  ]
  const lines = facts.map(([name, fact]) => `${name.padEnd(11)}${fact}`)
  return (choice.name === 'libtorch' ? lines : [...lines, INSTALL_COMMAND]).join('\n')
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
