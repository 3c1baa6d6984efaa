import { onTestFinished, vi } from 'vitest'

/** Keeps the warnings of the process from being printed until the test ends. @returns their texts, as they come. */
export function recordWarnings(): string[] {
  const warnings: string[] = []
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push(String(warning))
  })
  onTestFinished(() => emit.mockRestore())
  return warnings
}
