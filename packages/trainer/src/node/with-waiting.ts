/** How long a consumer waits for what it consumes. */

/** Passes items on, each with the seconds from the moment when it was asked for until it came. */
export async function* withWaiting<Item>(
  items: AsyncIterable<Item>,
): AsyncGenerator<{ readonly item: Item; readonly waitSeconds: number }> {
  let asked = performance.now()
  for await (const item of items) {
    yield { item, waitSeconds: (performance.now() - asked) / 1000 }
    asked = performance.now()
  }
}
