/** Clips every number to [0, 1]. */
export function clipInPlace(data: Float32Array): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(data[i]!, 0), 1)
}
