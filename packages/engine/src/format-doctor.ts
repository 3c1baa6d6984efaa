/** The doctor's facts as text. */
import type { DiagnosedEngine, EngineDiagnosis } from './doctor.ts'
import { INSTALL_COMMAND } from './install-command.ts'

/** One fact a line, for a terminal; ends with what to do if the fast engine is missing. */
export function formatDoctor(diagnosis: EngineDiagnosis): string {
  const { memory, python, gpus, engines, choice } = diagnosis
  const facts: [string, string][] = [
    ['node', `${diagnosis.node} on ${diagnosis.platform}`],
    ['processor', `${diagnosis.processor}, ${diagnosis.threads} threads`],
    ['memory', `${gigabytes(memory.totalBytes)}, ${gigabytes(memory.freeBytes)} free`],
    [
      'gpu',
      gpus.map(({ name, driver, memory }) => `${name}, ${memory}, driver ${driver}`).join('; ') || 'none',
    ],
    [
      'python',
      python === undefined ? 'none' : `${python.version}, ${python.pip ? `pip ${python.pip}` : 'no pip'}`,
    ],
    ['home', diagnosis.home],
    ...engines.flatMap(engineFacts),
    ['auto takes', `${choice.name}: ${choice.reason}`],
  ]
  const lines = facts.map(([name, fact]) => `${name.padEnd(16)}${fact}`)
  return (choice.name === 'libtorch' ? lines : [...lines, INSTALL_COMMAND]).join('\n')
}

function engineFacts({
  name,
  available,
  version,
  detail,
  command,
  failure,
}: DiagnosedEngine): [string, string][] {
  if (!available) {
    return [
      [name, `not available: ${detail}`],
      ...(command === undefined ? [] : [['', `get it: ${command}`] as [string, string]]),
    ]
  }
  if (failure !== undefined)
    return [
      [name, `${version}, does not work: ${failure}`],
      ['', detail],
    ]
  return [[name, `${version}, works; ${detail}`]]
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
