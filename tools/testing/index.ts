export { formulaUnit, formulaValues, type GoldenArray, readGoldenArrays, readGoldenJson } from './golden.ts'
export { pythonWith, runPython } from './python.ts'
export { type CliOptions, type CliResult, runCli } from './run-cli.ts'
