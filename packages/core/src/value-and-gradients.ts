/** Reverse-mode differentiation over the tape of TensorFlow.js that frees every tensor after its last use. */
import {
  add,
  clone,
  dispose,
  engine,
  ones,
  type Scalar,
  type Tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core'
import { SimclrError } from './errors.ts'

type TapeNode = ReturnType<typeof engine>['state']['activeTape'][number]

/**
 * The value of `loss()` and its gradient with respect to each variable.
 *
 * Equal to `variableGrads` of TensorFlow.js, which keeps everything that the forward pass saved and every gradient of
 * an intermediate until the end; here each is disposed as soon as the backward pass has used it, so a training step
 * needs about half the memory.
 *
 * @param loss Computes a scalar from the variables; whatever else it allocates is disposed.
 * @param variables Each must influence the loss.
 * @param onGradient Receives each gradient as soon as it is complete, while the backward pass goes on with earlier layers,
 *   with the variable's position. The tensor stays this function's; the order is the same for the same loss.
 * @returns The value, and gradients in the order of the variables, float32 and shaped like them. The caller disposes
 *   them.
 * @throws SimclrError if a variable has no influence on the loss, or inside another gradient computation.
 * @example
 * const { value, gradients } = valueAndGradients(() => mean(square(sub(predict(x), y))), [weights])
 */
export function valueAndGradients(
  loss: () => Scalar,
  variables: readonly Variable[],
  onGradient?: (gradient: Tensor, position: number) => void,
): { value: Scalar; gradients: Tensor[] } {
  return tidy(() => {
    const { value, tape } = record(loss)
    try {
      const path = pathFrom(variables, value, tape)
      return { value, gradients: backpropagate(path, value, variables, onGradient) }
    } finally {
      for (const { saved } of tape) dispose(saved ?? [])
    }
  })
}

/** Runs `loss` and notes its operations, with copies of the tensors that their gradients need. */
function record(loss: () => Scalar): { value: Scalar; tape: TapeNode[] } {
  const { state } = engine()
  if (state.gradientDepth > 0) {
    throw new SimclrError({
      parameter: 'valueAndGradients',
      expected: 'called outside of other gradient computations',
      received: 'a call inside one',
      remedy: 'Use the functions of TensorFlow.js for higher derivatives.',
    })
  }
  const tape: TapeNode[] = []
  state.activeTape = tape
  state.gradientDepth++
  try {
    return { value: tidy(loss), tape }
  } catch (error) {
    for (const { saved } of tape) dispose(saved ?? [])
    throw error
  } finally {
    state.gradientDepth--
    state.activeTape = null!
  }
}

/** The operations between the variables and the value, in the order in which they ran; disposes what others saved. */
function pathFrom(variables: readonly Variable[], value: Scalar, tape: readonly TapeNode[]): TapeNode[] {
  const fromVariables = new Set(variables.map(({ id }) => id))
  const reached = tape.filter((node) => {
    const isReached = inputsOf(node).some(({ id }) => fromVariables.has(id))
    if (isReached) for (const { id } of node.outputs) fromVariables.add(id)
    return isReached
  })
  const towardsValue = new Set([value.id])
  const path = new Set(
    reached.reverse().filter((node) => {
      const leads = node.outputs.some(({ id }) => towardsValue.has(id))
      if (leads) for (const { id } of inputsOf(node)) if (fromVariables.has(id)) towardsValue.add(id)
      return leads
    }),
  )
  for (const node of tape) if (!path.has(node)) dispose(node.saved ?? [])
  const idle = variables.find(({ id }) => !towardsValue.has(id))
  if (idle === undefined) return [...path].reverse()
  throw new SimclrError({
    parameter: 'valueAndGradients: variables',
    expected: 'used by the loss',
    received: `"${idle.name}", on which it does not depend`,
  })
}

/** Walks the path backwards. */
function backpropagate(
  path: readonly TapeNode[],
  value: Scalar,
  variables: readonly Variable[],
  onGradient?: (gradient: Tensor, position: number) => void,
): Tensor[] {
  const positions = new Map(variables.map(({ id }, position) => [id, position]))
  const uses = countUses(path, positions)
  const wanted = new Set<number>([value.id])
  for (const { id } of variables) wanted.add(id)
  for (const { outputs } of path) for (const { id } of outputs) wanted.add(id)
  const gradients = new Map<number, Tensor>([[value.id, ones(value.shape)]])
  for (const node of [...path].reverse()) {
    const outer = node.outputs.map(({ id }) => gradients.get(id))
    for (const [name, gradient] of Object.entries(inner(node, outer, wanted))) {
      const { id } = node.inputs[name]!
      const other = gradients.get(id)
      gradients.set(id, other === undefined ? gradient : add(other, gradient))
      if (other !== undefined) dispose([other, gradient])
      const left = (uses.get(id) ?? 0) - 1
      uses.set(id, left)
      if (left === 0) onGradient?.(gradients.get(id)!, positions.get(id)!)
    }
    for (const { id } of node.outputs) gradients.delete(id)
    dispose([...outer.filter((gradient) => gradient !== undefined), ...(node.saved ?? [])])
  }
  return variables.map(({ id }) => gradients.get(id)!)
}

/** How many inputs of operations each variable is. */
function countUses(path: readonly TapeNode[], variables: ReadonlyMap<number, number>): Map<number, number> {
  const uses = new Map<number, number>()
  for (const { id } of path.flatMap(inputsOf)) if (variables.has(id)) uses.set(id, (uses.get(id) ?? 0) + 1)
  return uses
}

/** The gradients of an operation's inputs by name, those that are `wanted`, from the gradients of its outputs. */
function inner(
  node: TapeNode,
  outer: readonly (Tensor | undefined)[],
  wanted: ReadonlySet<number>,
): Record<string, Tensor> {
  const { gradient, kernelName, inputs } = node
  if (gradient === undefined) {
    throw new SimclrError({
      parameter: 'valueAndGradients: loss',
      expected: 'made of differentiable operations',
      received: kernelName,
      remedy:
        'Register the gradients of TensorFlow.js: useEngine does, and so does importing @tensorflow/tfjs.',
    })
  }
  return tidy(() => {
    const functions = gradient(outer as Tensor[])
    const { track } = engine().state.activeScope
    const taken = new Set<Tensor>()
    const names = Object.keys(inputs).filter((name) => wanted.has(inputs[name]!.id))
    return Object.fromEntries(
      names.map((name) => {
        const result = functions[name]!()
        const isFresh = track.includes(result) && !taken.has(result)
        taken.add(result)
        return [name, isFresh ? result : clone(result)]
      }),
    )
  })
}

function inputsOf({ inputs }: TapeNode): Tensor[] {
  return Object.values(inputs).filter((input) => input !== undefined && input !== null)
}
