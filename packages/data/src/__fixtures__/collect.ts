/** All items of an asynchronous iterable (`Array.fromAsync` of Node 22). */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = []
  for await (const item of items) result.push(item)
  return result
}
