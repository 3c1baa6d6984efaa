export { instantiate, type WasmFunction } from './instantiate.ts'
export { f32, f32x4, f64, f64x2, i8x16, i16x8, i32, increment, repeat, select } from './instructions.ts'
export type { Code, FunctionDefinition, Local, ValueType } from './module.ts'
