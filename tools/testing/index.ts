export { formulaUnit, formulaValues, type GoldenArray, readGoldenArrays, readGoldenJson } from './golden.ts'
export { type CliOptions, type CliResult, runCli } from './run-cli.ts'
