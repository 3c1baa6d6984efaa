/** The published datasets, by the names that a SPEC uses. */
import { birdsnapDefinition } from './birdsnap.ts'
import { caltech101Definition } from './caltech101.ts'
import { cifar10Definition } from './cifar10.ts'
import { cifar100Definition } from './cifar100.ts'
import type { DatasetDefinition } from './dataset-definition.ts'
import { dtdDefinition } from './dtd.ts'
import { fgvcAircraftDefinition } from './fgvc-aircraft.ts'
import { flowers102Definition } from './flowers102.ts'
import { food101Definition } from './food101.ts'
import { imagenetDefinition } from './imagenet.ts'
import { oxfordPetsDefinition } from './oxford-pets.ts'
import { stanfordCarsDefinition } from './stanford-cars.ts'
import { stl10Definition } from './stl10.ts'
import { sun397Definition } from './sun397.ts'
import { tinyImagenetDefinition } from './tiny-imagenet.ts'
import { voc2007Definition } from './voc2007.ts'

const definitions: readonly DatasetDefinition[] = [
  birdsnapDefinition,
  caltech101Definition,
  cifar10Definition,
  cifar100Definition,
  dtdDefinition,
  fgvcAircraftDefinition,
  flowers102Definition,
  food101Definition,
  imagenetDefinition,
  oxfordPetsDefinition,
  stanfordCarsDefinition,
  stl10Definition,
  sun397Definition,
  tinyImagenetDefinition,
  voc2007Definition,
]

/** Every published dataset that can be opened, by name. */
export const datasets: ReadonlyMap<string, DatasetDefinition> = new Map(
  definitions.map((definition) => [definition.info.name, definition]),
)
