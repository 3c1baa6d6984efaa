/** Where a sweep keeps its finished runs, so that an interrupted one goes on from there. */

/** Holds results under keys of all that they depend on. */
export interface RunStore {
  /** @returns what was set under this key; undefined if nothing was. */
  get(key: string): Promise<unknown>
  /** @param result Plain data: numbers, strings, lists, objects and typed arrays. Stored whole or not at all. */
  set(key: string, result: unknown): Promise<void>
}

/** Keeps runs until the process ends. `folderStore` of `@simclr/eval/node` keeps them in files. */
export function memoryStore(): RunStore {
  const results = new Map<string, unknown>()
  return {
    get: async (key) => results.get(key),
    set: async (key, result) => {
      results.set(key, result)
    },
  }
}
