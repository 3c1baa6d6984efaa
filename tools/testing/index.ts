export { formulaUnit, formulaValues, type GoldenArray, readGoldenArrays, readGoldenJson } from './golden.ts'
export {
  builtProgram,
  type MpiInstallation,
  type MpiProgram,
  type MpiResult,
  mpiInstallations,
  NO_MPI,
  runMpi,
} from './mpi.ts'
export { pythonWith, runPython } from './python.ts'
export { type CliOptions, type CliResult, cliArguments, runCli } from './run-cli.ts'
export { CIFAR_MINIATURES, writeTransferMiniatures } from './transfer-miniatures.ts'
export { type MatInput, type MatRow, writeMatFile } from './write-mat-file.ts'
