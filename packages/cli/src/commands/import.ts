/** `simclr import`: weights that others trained, as a folder that every command takes. */
import { importWeights } from '@simclr/trainer/node'
import type { Command } from 'commander'
import { addEngineFlags, type EngineFlags, startEngine } from '../engine-flags.ts'
import { parseNumber } from '../schema-flags.ts'

interface ImportFlags extends EngineFlags {
  out: string
  imageSize?: number
}

/** Arrays named one by one. */
const NAMED = 5

export function addImport(program: Command): void {
  const command = program
    .command('import')
    .description('make an encoder folder of published weights; format and architecture are found out')
    .argument(
      '<weights>',
      'safetensors or .pt/.pth file (torchvision, timm, lightly, solo-learn), TensorFlow checkpoint or SavedModel, or our ONNX',
    )
    .requiredOption('--out <folder>', 'the folder to write, for knn, linear-eval, export …')
    .option(
      '--image-size <number>',
      'height and width in pixels that evaluations use (default: that of the dataset)',
      (text) => parseNumber('--image-size', text),
    )
  addEngineFlags(command).action(async (weights: string, { out, imageSize, ...flags }: ImportFlags) => {
    await startEngine(flags)
    const size = imageSize === undefined ? {} : { imageSize }
    const { format, architecture, heads, refused, ignored } = await importWeights(weights, out, size)
    const { depth, width, stem, style, selectiveKernelRatio } = architecture
    const kernels = selectiveKernelRatio > 0 ? ', selective kernels' : ''
    console.log(`${format}: ResNet-${depth}, width ${width}, ${stem} stem, ${style} style${kernels}`)
    if (ignored.length > 0) {
      const more = ignored.length > NAMED ? ', …' : ''
      console.log(
        `beside the encoder: ${ignored.length} arrays: ${ignored.slice(0, NAMED).join(', ')}${more}`,
      )
    }
    if (heads.length > 0) console.log(`kept of them: ${heads.join(', ')}`)
    for (const reason of refused) console.log(`left out: ${reason}`)
    console.log(`encoder: ${out}`)
  })
}
