export { formulaUnit, formulaValues, type GoldenArray, readGoldenArrays, readGoldenJson } from './golden.ts'
