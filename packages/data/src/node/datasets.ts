/** The published datasets, by the names that a SPEC uses. */
import { cifar10Definition } from './cifar10.ts'
import type { DatasetDefinition } from './dataset-definition.ts'
import { food101Definition } from './food101.ts'

const definitions: readonly DatasetDefinition[] = [cifar10Definition, food101Definition]

/** Every published dataset that can be opened, by name. */
export const datasets: ReadonlyMap<string, DatasetDefinition> = new Map(
  definitions.map((definition) => [definition.info.name, definition]),
)
