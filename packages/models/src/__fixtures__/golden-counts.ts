/** The counts of golden 05, from the graphs of the official implementation. Used by tests only. */
import { readGoldenJson } from '@simclr/tools/testing'
import type { StemType } from '../stem.ts'

export type CountsRow = [
  depth: number,
  width: number,
  selectiveKernelRatio: number,
  stem: StemType,
  size: number,
  trainable: number,
  total: number,
  variables: number,
  convolutions: number,
  multiplyAdds: number,
  featureWidth: number,
]

export type ListedVariable = [
  name: string,
  official: string,
  shape: number[],
  kind: string,
  trainable: boolean,
]

export const goldenCounts: {
  readonly rows: CountsRow[]
  readonly variables: Record<string, ListedVariable[]>
} = readGoldenJson(new URL('./05_resnet_counts.json', import.meta.url))
