/**
 * What a training step over several processes moves and how long it takes: arithmetic, no measurement. Collectives cost
 * latency and bandwidth as in Thakur, Rabenseifner and Gropp, "Optimization of Collective Communication Operations in
 * MPICH" (2005), sections 4.1 and 4.5; docs/scale.md states the formulas and what they leave out.
 */
import { checkInteger, checkPositive, checkRange, SimclrError } from '@simclr/core'

/** A training step, whatever computes it. */
export interface StepWork {
  /** Elements of all trained parameters; their gradients travel. */
  readonly parameters: number
  /** Batch normalisation layers of encoder and projection head; 0 if statistics stay local. */
  readonly batchNormLayers: number
  /** Channels of all these layers together. */
  readonly batchNormChannels: number
  /** Length D of a projection. */
  readonly projectionWidth: number
  /** Images of a step over all ranks, two views each; a multiple of the number of ranks. */
  readonly batchSize: number
  /** Bytes of an element of a gradient on its way: 4 for float32 (default), 2 for bf16. */
  readonly gradientBytes?: 2 | 4
}

/** A way between two ranks. */
export interface Link {
  /** Bytes per second in each direction. */
  readonly bandwidth: number
  /** Seconds until a message of no length arrives. */
  readonly latency: number
}

/** What computes, and what connects it. */
export interface StepMachine {
  /** Views per second of one device that trains alone: forward, loss and backward of this work. */
  readonly viewsPerSecond: number
  /** The way between ranks of different hosts, or between all ranks where `host` is missing; shared by a host's ranks. */
  readonly link: Link
  /** Ranks of one host, and the way between them. */
  readonly host?: Link & { readonly ranks: number }
  /** Seconds that a collective operation takes besides latency and transfer, e.g. to launch it; default 0. */
  readonly operationSeconds?: number
  /** Seconds of the optimizer's update, which every rank does in full; default 0. */
  readonly updateSeconds?: number
  /** Views per second that one rank can read and augment while it trains; default: never waits. */
  readonly inputViewsPerSecond?: number
}

export interface StepCostOptions {
  readonly work: StepWork
  readonly machine: StepMachine
  /** Processes W, each with a whole replica. */
  readonly ranks: number
  /** Share of the backward pass during which gradients travel, 0 (default) to 1. */
  readonly overlap?: number
}

/** The parts of a step that move bytes. */
export interface StepTraffic {
  /** Sums of global batch statistics, forward and backward. */
  readonly batchStatistics: number
  /** Projections of all ranks, for the loss. */
  readonly gather: number
  /** Their gradient, summed over the ranks. */
  readonly gatherGradient: number
  /** Gradients of the parameters. */
  readonly gradients: number
  /** Projections once more and three sums, for the metrics. */
  readonly metrics: number
}

/** The parts of a step that take time, one after the other. */
export interface StepSeconds extends StepTraffic {
  /** Forward, loss and backward on the rank's own views. */
  readonly compute: number
  /** Gradients as far as the backward pass does not hide them. */
  readonly gradients: number
  /** The optimizer. */
  readonly update: number
  /** Waiting for images. */
  readonly input: number
  readonly total: number
}

export interface StepCost {
  readonly seconds: StepSeconds
  /** Bytes that each rank sends; it receives as many. */
  readonly bytes: StepTraffic & { readonly total: number }
  /** Of all ranks together. */
  readonly viewsPerSecond: number
  /** Speed per rank against one rank alone: with the same global batch, and with the same batch per rank. */
  readonly efficiency: { readonly strong: number; readonly weak: number }
}

/** Bytes of a bucket of gradients, as the trainer sends them. */
export const GRADIENT_BUCKET_BYTES = 25_000_000

/** Of forward and backward together: two of the three convolutions of each layer (its input's and its kernel's gradient). */
const BACKWARD_SHARE = 2 / 3
const FLOAT32_BYTES = 4

/**
 * Time and bytes of one step, part by part.
 *
 * @throws SimclrError for sizes below 1, speeds that are not above 0, a batch that the ranks cannot share evenly, or an
 *   overlap outside [0, 1].
 * @example
 * const work = { parameters: 27_968_704, batchNormLayers: 55, batchNormChannels: 28_736, projectionWidth: 128, batchSize: 4096 }
 * const machine = { viewsPerSecond: 2470, link: { bandwidth: 40e9, latency: 5e-6 } }
 * stepCost({ work, machine, ranks: 8 }).efficiency.strong // 0.98
 */
export function stepCost({ work, machine, ranks, overlap = 0 }: StepCostOptions): StepCost {
  checkOptions({ work, machine, ranks, overlap })
  const many = split(work, machine, ranks, overlap)
  const alone = split(work, machine, 1, overlap)
  const share = split({ ...work, batchSize: work.batchSize / ranks }, machine, 1, overlap)
  return {
    ...many,
    viewsPerSecond: (2 * work.batchSize) / many.seconds.total,
    efficiency: {
      strong: alone.seconds.total / (ranks * many.seconds.total),
      weak: share.seconds.total / many.seconds.total,
    },
  }
}

function split(
  work: StepWork,
  machine: StepMachine,
  ranks: number,
  overlap: number,
): Pick<StepCost, 'seconds' | 'bytes'> {
  const {
    parameters,
    batchNormLayers,
    batchNormChannels,
    projectionWidth,
    batchSize,
    gradientBytes = 4,
  } = work
  const { viewsPerSecond, updateSeconds = 0, inputViewsPerSecond = Number.POSITIVE_INFINITY } = machine
  const views = (2 * batchSize) / ranks
  const projections = 2 * batchSize * projectionWidth * FLOAT32_BYTES
  const { allReduce, allGather } = collectives(machine, ranks)

  // Sums and sums of squares forward, two sums backward: 2·C floats each, one operation per layer and direction.
  const batchStatistics = allReduce(4 * batchNormChannels * FLOAT32_BYTES, 2 * batchNormLayers)
  const gather = allGather(projections)
  const gatherGradient = allReduce(projections)
  const buckets = Math.ceil((parameters * gradientBytes) / GRADIENT_BUCKET_BYTES)
  const gradients = allReduce(parameters * gradientBytes, buckets)
  const metricSums = allReduce(3 * FLOAT32_BYTES)
  const metrics = {
    seconds: gather.seconds + metricSums.seconds,
    bytes: gather.bytes + metricSums.bytes,
  }

  const compute = views / viewsPerSecond
  // The last bucket is complete only when the backward pass is over.
  const exposed = Math.max(
    gradients.seconds - overlap * BACKWARD_SHARE * compute,
    gradients.seconds / buckets,
  )
  const parts = {
    compute,
    batchStatistics: batchStatistics.seconds,
    gather: gather.seconds,
    gatherGradient: gatherGradient.seconds,
    gradients: exposed,
    metrics: metrics.seconds,
    update: updateSeconds,
  }
  const busy = sum(Object.values(parts))
  const input = Math.max(0, views / inputViewsPerSecond - busy)
  const bytes = {
    batchStatistics: batchStatistics.bytes,
    gather: gather.bytes,
    gatherGradient: gatherGradient.bytes,
    gradients: gradients.bytes,
    metrics: metrics.bytes,
  }
  return {
    seconds: { ...parts, input, total: busy + input },
    bytes: { ...bytes, total: sum(Object.values(bytes)) },
  }
}

interface Transfer {
  readonly seconds: number
  /** Sent by each rank. */
  readonly bytes: number
}

/**
 * All-reduces of `bytes` in all take 2·(W−1)/W·bytes per rank, whether around a ring or by halving and doubling. Their
 * latency is that of halving and doubling or of trees, 2·⌈log₂ W⌉ messages one after the other, which MPI libraries and
 * NCCL choose for small messages or many ranks; a ring would take 2·(W−1). Gathers take half of both.
 */
function collectives({ link, host, operationSeconds = 0 }: StepMachine, ranks: number) {
  const inside = host === undefined ? 1 : Math.min(ranks, host.ranks)
  const hosts = Math.ceil(ranks / inside)
  const latency = steps(inside) * (host?.latency ?? 0) + steps(hosts) * link.latency
  // Ranks are sorted by host, so a host's link carries what one rank of a ring sends.
  const bandwidth = Math.min(
    hosts > 1 ? link.bandwidth : Number.POSITIVE_INFINITY,
    inside > 1 ? host!.bandwidth : Number.POSITIVE_INFINITY,
  )
  function transfer(ways: 1 | 2, payload: number, operations: number): Transfer {
    if (ranks === 1) return { seconds: 0, bytes: 0 }
    const bytes = (ways * (ranks - 1) * payload) / ranks
    return { seconds: operations * (operationSeconds + ways * latency) + bytes / bandwidth, bytes }
  }
  return {
    /** `payload`: bytes of the tensors to add up, in so many operations. */
    allReduce: (payload: number, operations = 1) => transfer(2, payload, operations),
    /** `payload`: bytes of the result. */
    allGather: (payload: number) => transfer(1, payload, 1),
  }
}

function steps(members: number): number {
  return Math.ceil(Math.log2(members))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function checkOptions({ work, machine, ranks, overlap }: Required<StepCostOptions>): void {
  checkInteger('stepCost: ranks', ranks, 1)
  checkInteger('stepCost: work.parameters', work.parameters, 1)
  checkInteger('stepCost: work.batchNormLayers', work.batchNormLayers, 0)
  checkInteger('stepCost: work.batchNormChannels', work.batchNormChannels, work.batchNormLayers)
  checkInteger('stepCost: work.projectionWidth', work.projectionWidth, 1)
  checkInteger('stepCost: work.batchSize', work.batchSize, 1)
  checkPositive('stepCost: machine.viewsPerSecond', machine.viewsPerSecond)
  checkRange('stepCost: overlap', overlap, 0, 1)
  for (const [name, link] of Object.entries({ link: machine.link, host: machine.host })) {
    if (link === undefined) continue
    checkRange(
      `stepCost: machine.${name}.bandwidth`,
      link.bandwidth,
      Number.MIN_VALUE,
      Number.POSITIVE_INFINITY,
    )
    checkRange(`stepCost: machine.${name}.latency`, link.latency, 0, Number.MAX_VALUE)
  }
  if (machine.host !== undefined) checkInteger('stepCost: machine.host.ranks', machine.host.ranks, 1)
  if (work.batchSize % ranks === 0) return
  throw new SimclrError({
    parameter: 'stepCost: work.batchSize',
    expected: `a multiple of the ${ranks} ranks`,
    received: String(work.batchSize),
  })
}
