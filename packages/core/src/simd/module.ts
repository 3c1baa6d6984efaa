/** Writes WebAssembly modules whose functions take numbers, return nothing and work on imported memory. */

/** Instructions; where they are the operand of others, they leave one value. */
export type Code = readonly number[]

/** Types of values, by their byte in the format. */
export const TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const
export type ValueType = keyof typeof TYPES

/** A parameter or local variable. */
export interface Local {
  readonly get: Code
  set(value: Code): Code
  /** Sets it and leaves the value as an operand. */
  tee(value: Code): Code
}

/** What a function consists of. */
export interface FunctionDefinition {
  /** The types of its parameters, or the number of those that are addresses and counts: i32. */
  readonly parameters: number | readonly Exclude<ValueType, 'v128'>[]
  body(parameters: readonly Local[], local: (type: ValueType) => Local): readonly Code[]
}

const [TYPE_SECTION, IMPORT_SECTION, FUNCTION_SECTION, EXPORT_SECTION, CODE_SECTION] = [1, 2, 3, 7, 10]
const FUNCTION_TYPE = 0x60
const MEMORY = 0x02
const END = 0x0b

/**
 * The bytes of a module that exports `functions` by name and imports its memory as `memory` from `host`.
 * Format: WebAssembly specification 2.0, section 5.
 */
export function encodeModule(
  functions: Readonly<Record<string, FunctionDefinition>>,
): Uint8Array<ArrayBuffer> {
  const definitions = Object.values(functions)
  const types = definitions.map((definition) => [
    FUNCTION_TYPE,
    ...list(parameterTypes(definition).map((type) => [TYPES[type]])),
    0,
  ])
  const exports = Object.keys(functions).map((name, index) => [...text(name), 0, ...unsigned(index)])
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(TYPE_SECTION, types),
    ...section(IMPORT_SECTION, [[...text('host'), ...text('memory'), MEMORY, 0, 0]]),
    ...section(
      FUNCTION_SECTION,
      definitions.map((_, index) => unsigned(index)),
    ),
    ...section(EXPORT_SECTION, exports),
    ...section(CODE_SECTION, definitions.map(encodeFunction)),
  ])
}

function parameterTypes({ parameters }: FunctionDefinition): readonly ValueType[] {
  return typeof parameters === 'number' ? Array<ValueType>(parameters).fill('i32') : parameters
}

function encodeFunction(definition: FunctionDefinition): Code {
  const parameters = parameterTypes(definition).length
  const types: ValueType[] = []
  const variable = (index: number): Local => ({
    get: [0x20, ...unsigned(index)],
    set: (value) => [...value, 0x21, ...unsigned(index)],
    tee: (value) => [...value, 0x22, ...unsigned(index)],
  })
  const code = definition
    .body(
      Array.from({ length: parameters }, (_, index) => variable(index)),
      (type) => variable(parameters + types.push(type) - 1),
    )
    .flat()
  const locals = list(types.map((type) => [1, TYPES[type]]))
  return [...unsigned(locals.length + code.length + 1), ...locals, ...code, END]
}

function section(id: number, items: readonly Code[]): Code {
  const content = list(items)
  return [id, ...unsigned(content.length), ...content]
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()]
}

function text(value: string): Code {
  return [...unsigned(value.length), ...new TextEncoder().encode(value)]
}

/** LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** LEB128 of a number that may be negative. */
export function signed(value: number): Code {
  const byte = value & 0x7f
  const rest = value >> 7
  const isLast = rest === (byte & 0x40 ? -1 : 0)
  return isLast ? [byte] : [byte | 0x80, ...signed(rest)]
}
