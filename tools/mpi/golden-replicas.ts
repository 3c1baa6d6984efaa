/**
 * The loss and gradient that each rank gets for its replica of a golden case, printed by rank 0 as JSON: run by mpirun in tests.
 * Usage: golden-replicas.ts NAME TEMPERATURE NORMALIZE
 */
import { valueAndGradients } from '@simclr/core'
import { joinProcessGroup } from '@simclr/distributed'
import { useEngine } from '@simclr/engine'
import { buildLoss, resolveConfig } from '@simclr/trainer'
import { reshape, type Tensor, type Tensor2D, tensor2d, variable } from '@tensorflow/tfjs-core'
import { readGoldenArrays } from '../testing/golden.ts'

const [name = '', temperature, normalize] = process.argv.slice(2)
const file = new URL('../../packages/losses/src/__fixtures__/01_ntxent.safetensors', import.meta.url)
const group = await joinProcessGroup({ hangTimeout: 0 })
await useEngine('auto', { threads: 1, log: () => {} })
const arrays = readGoldenArrays(file)
const { values, shape } = arrays.get(`${name}.rep${group.rank}.hidden`)!
const hidden = variable(tensor2d(values, shape as [number, number]))
const config = resolveConfig({ temperature: Number(temperature), normalize: normalize === 'true' })
const communicator = group.overMpi()
const loss = buildLoss(config, communicator)
const { value, gradients } = valueAndGradients(() => loss(hidden as unknown as Tensor2D), [hidden])
const ofAllRanks = (x: Tensor): number[] => Array.from(communicator.allGather(reshape(x, [-1])).dataSync())
const result = { losses: ofAllRanks(value), gradients: ofAllRanks(gradients[0]!) }
if (group.rank === 0) process.stdout.write(`${JSON.stringify(result)}\n`)
await group.close()
