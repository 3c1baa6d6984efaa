/** The weights of `simclr transfer`. */
import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { TransferEncoder } from '@simclr/eval'
import { encodeSafetensors, moduleWeights, ResNet, type ResNetArchitecture } from '@simclr/models'
import { loadEncoder, untrainedEncoder } from '@simclr/trainer/node'

export interface TransferWeights {
  readonly encoders: readonly TransferEncoder[]
  /** Side in pixels of the images that they were trained on, where that is known of all and the same. */
  readonly imageSize: number | undefined
}

/**
 * Loads each set of weights once, to see that it can be loaded and to tell it from others; {@link TransferEncoder.load}
 * loads it again.
 *
 * @param arguments_ Folders of runs, checkpoints or imported weights, each as PATH or NAME=PATH. Without a name the last
 * part of the path is the name, or the whole path where that is not the only one.
 * @throws SimclrError as `loadEncoder` does.
 */
export async function loadTransferWeights(arguments_: readonly string[]): Promise<TransferWeights> {
  const named = nameWeights(arguments_)
  const loaded = []
  for (const { name, path } of named) loaded.push(await inspect(name, path))
  const sizes = new Set(loaded.map(({ imageSize }) => imageSize))
  return {
    encoders: loaded.map(({ encoder }) => encoder),
    imageSize: sizes.size === 1 ? [...sizes][0] : undefined,
  }
}

async function inspect(
  name: string,
  path: string,
): Promise<{ encoder: TransferEncoder; imageSize: number | undefined }> {
  const { encoder, run, imageSize } = await loadEncoder(path)
  try {
    const { options } = encoder
    const identity = createHash('sha256')
      .update(encodeSafetensors(await moduleWeights(encoder)))
      .digest('hex')
    return {
      imageSize,
      encoder: {
        name,
        identity,
        load: async () => (await loadEncoder(path)).encoder,
        untrained: {
          architecture: describeArchitecture(options),
          load: () => (run === undefined ? new ResNet(options) : untrainedEncoder(run.config)),
        },
      },
    }
  } finally {
    encoder.dispose()
  }
}

function nameWeights(arguments_: readonly string[]): { name: string; path: string }[] {
  const split = arguments_.map((text) => {
    const equals = text.indexOf('=')
    return equals > 0 && !/[\\/]/.test(text.slice(0, equals))
      ? { name: text.slice(0, equals), path: text.slice(equals + 1) }
      : { name: undefined, path: text }
  })
  const short = split.map(({ name, path }) => name ?? basename(resolve(path)))
  const names = split.map(({ name, path }, i) => {
    const only = short.filter((other) => other === short[i]).length === 1
    return { name: name ?? (only ? short[i]! : path), path }
  })
  const empty = names.find(({ path }) => path === '')
  if (empty === undefined) return names
  throw new SimclrError({
    parameter: 'weights',
    expected: 'a folder, or NAME=FOLDER',
    received: `"${empty.name}="`,
  })
}

/** `ResNet-50 (2×), selective kernels`. */
function describeArchitecture({
  depth,
  width,
  stem,
  style,
  selectiveKernelRatio,
}: ResNetArchitecture): string {
  const parts = [
    `ResNet-${depth}${width === 1 ? '' : ` (${width}×)`}`,
    selectiveKernelRatio > 0 && 'selective kernels',
    stem === 'cifar' && 'CIFAR stem',
    style !== 'official' && style,
  ]
  return parts.filter(Boolean).join(', ')
}
