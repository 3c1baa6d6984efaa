/** Command line flags derived from a zod schema: one per setting, with its description and default. */
import { SimclrError } from '@simclr/core'
import { type Command, Option } from 'commander'
import { z } from 'zod'

interface Setting {
  readonly type?: 'number' | 'integer' | 'string' | 'boolean'
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly { readonly const: number }[]
}

/** Adds `--kebab-case` flags for every setting of `schema`, except those named in `without`. */
export function addSchemaFlags(command: Command, schema: z.ZodObject, without: readonly string[] = []): void {
  for (const [key, setting] of settingsOf(schema)) {
    if (without.includes(key)) continue
    for (const option of optionsFor(key, setting)) command.addOption(option)
  }
}

/** The settings of `schema` among parsed flags; flags that were not given are left out. */
export function schemaSettings(flags: Record<string, unknown>, schema: z.ZodObject): Record<string, unknown> {
  const keys = settingsOf(schema).map(([key]) => key)
  return Object.fromEntries(keys.filter((key) => flags[key] !== undefined).map((key) => [key, flags[key]]))
}

function settingsOf(schema: z.ZodObject): [key: string, setting: Setting][] {
  const { properties } = z.toJSONSchema(schema, { io: 'input' }) as { properties: Record<string, Setting> }
  return Object.entries(properties)
}

function optionsFor(key: string, setting: Setting): Option[] {
  const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const fallback = setting.default === undefined ? '' : ` (default: ${setting.default})`
  const description = `${setting.description}${fallback}`
  if (setting.type === 'boolean') {
    const off = setting.default === true ? `; --no-${flag} turns it off` : ''
    return [new Option(`--${flag}`, `${description}${off}`), new Option(`--no-${flag}`).hideHelp()]
  }
  const choices = setting.enum ?? setting.anyOf?.map((choice) => choice.const)
  const placeholder =
    choices === undefined ? (setting.type === 'string' ? 'name' : 'number') : choices.join('|')
  const option = new Option(`--${flag} <${placeholder}>`, description)
  const numeric = setting.type === 'number' || setting.type === 'integer' || setting.anyOf !== undefined
  return [numeric ? option.argParser((text) => parseNumber(`--${flag}`, text)) : option]
}

/** @throws SimclrError if `text` is no number. */
export function parseNumber(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && !Number.isNaN(value)) return value
  throw new SimclrError({ parameter: flag, expected: 'a number', received: `"${text}"` })
}
