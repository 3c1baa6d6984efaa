/** Weights from and to the real torchvision, and from real TensorFlow variables under the official names. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Tensor4D, tensor } from '@tensorflow/tfjs-core'
import { afterAll, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors, type SafetensorsArray } from '../files/safetensors.ts'
import { LinearHead } from '../linear-head.ts'
import type { ResNet } from '../resnet.ts'
import { moduleWeights } from '../weights.ts'
import { importEncoder } from './import-encoder.ts'
import { torchvisionWeights } from './torchvision-weights.ts'

const python = process.env.SIMCLR_PYTHON ?? 'python3'
const folder = mkdtempSync(join(tmpdir(), 'simclr-peers-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Random weights and statistics, an image, and the features of the model before `fc`. */
const TORCH_WRITES = `
import sys, torch, torchvision
from safetensors.torch import save_file
depth, folder = sys.argv[1:]
torch.manual_seed(1)
model = getattr(torchvision.models, f'resnet{depth}')()
for module in model.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        torch.nn.init.uniform_(module.weight, 0.3, 0.8)
        torch.nn.init.uniform_(module.bias, -0.2, 0.2)
        module.running_mean.uniform_(-0.2, 0.2)
        module.running_var.uniform_(0.5, 1.5)
save_file(model.state_dict(), f'{folder}/model.safetensors')
model.fc = torch.nn.Identity()
images = torch.rand(2, 3, 64, 64)
with torch.no_grad():
    features = model.eval()(images)
save_file({'images': images.permute(0, 2, 3, 1).contiguous(), 'features': features}, f'{folder}/pass.safetensors')
`

/** Loads an export strictly, with its classifier. */
const TORCH_READS = `
import sys, torch, torchvision
from safetensors.torch import load_file, save_file
depth, folder = sys.argv[1:]
model = getattr(torchvision.models, f'resnet{depth}')(num_classes=10)
model.load_state_dict(load_file(f'{folder}/export.safetensors'), strict=True)
images = load_file(f'{folder}/pass.safetensors')['images'].permute(0, 3, 1, 2)
model.fc = torch.nn.Identity()
with torch.no_grad():
    save_file({'features': model.eval()(images)}, f'{folder}/back.safetensors')
`

/** ResNet-18 with the cifar stem in TensorFlow's own operations, in the order of the official code. */
const TENSORFLOW_WRITES = `
import sys, numpy as np, tensorflow as tf
from safetensors.numpy import save_file
folder = sys.argv[1]
random = np.random.default_rng(1)
arrays, counts = {}, {'conv2d': 0, 'batch_normalization': 0}
def name(kind):
    count = counts[kind]
    counts[kind] += 1
    return f'base_model/{kind}' + (f'_{count}' if count else '')
def conv(x, width, size, stride):
    kernel = random.normal(0, (2 / (size * size * x.shape[3])) ** 0.5, (size, size, x.shape[3], width)).astype('f')
    arrays[name('conv2d') + '/kernel'] = kernel
    pad = (size - 1) // 2
    return tf.nn.conv2d(x, kernel, stride, [[0, 0], [pad, pad], [pad, pad], [0, 0]])
def norm(x):
    layer = name('batch_normalization')
    draw = lambda low, high: random.uniform(low, high, x.shape[3]).astype('f')
    gamma, beta, mean, variance = draw(0.3, 0.8), draw(-0.2, 0.2), draw(-0.2, 0.2), draw(0.5, 1.5)
    values = {'gamma': gamma, 'beta': beta, 'moving_mean': mean, 'moving_variance': variance}
    arrays.update({f'{layer}/{key}': value for key, value in values.items()})
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-5)
images = random.uniform(0, 1, (2, 32, 32, 3)).astype('f')
x = tf.nn.relu(norm(conv(tf.constant(images), 64, 3, 1)))
for group in range(4):
    width = 64 * 2 ** group
    for block in range(2):
        stride = 2 if group > 0 and block == 0 else 1
        shortcut = norm(conv(x, width, 1, stride)) if block == 0 else x
        hidden = tf.nn.relu(norm(conv(x, width, 3, stride)))
        x = tf.nn.relu(norm(conv(hidden, width, 3, 1)) + shortcut)
save_file(arrays, f'{folder}/model.safetensors')
save_file({'images': images, 'features': tf.reduce_mean(x, [1, 2]).numpy()}, f'{folder}/pass.safetensors')
`

const torchMissing = missing('torch', 'torchvision', 'safetensors')
test.skipIf(torchMissing !== undefined).each([18, 50])(
  'torchvision.models.resnet%i → ours → torchvision',
  { timeout: 120_000 },
  async (depth) => {
    run(TORCH_WRITES, String(depth), folder)
    const { encoder, images, expected } = await importWritten()
    expect(encoder.options).toMatchObject({ depth, style: 'torchvision', stem: 'imagenet', width: 1 })
    expect(await featuresOf(encoder, images)).toBeAllClose(expected, { relative: 1e-4, absolute: 1e-5 })

    const head = new LinearHead({ inputWidth: encoder.featureWidth, classes: 10 })
    const exported = await torchvisionWeights(encoder, head)
    writeFileSync(join(folder, 'export.safetensors'), encodeSafetensors(exported))
    run(TORCH_READS, String(depth), folder)
    const back = read('back').get('features')!.values as Float32Array
    expect(back).toBeAllClose(expected, { relative: 1e-4, absolute: 1e-5 })

    const again = await importEncoder({
      name: 'export',
      arrays: exported,
      read: async (name) => exported.get(name)!,
    })
    expect(await moduleWeights(again)).toEqual(await moduleWeights(encoder))
    for (const module of [encoder, again, head]) module.dispose()
  },
)

const tensorflowMissing = missing('tensorflow', 'safetensors')
test.skipIf(tensorflowMissing !== undefined)(
  'TensorFlow variables of the official names → ours',
  { timeout: 120_000 },
  async () => {
    run(TENSORFLOW_WRITES, folder)
    const { encoder, images, expected } = await importWritten()
    expect(encoder.options).toMatchObject({ depth: 18, style: 'official', stem: 'cifar' })
    expect(await featuresOf(encoder, images)).toBeAllClose(expected, { relative: 1e-4, absolute: 1e-5 })
    encoder.dispose()
  },
)

/** The model and the pass that Python left in the folder. */
async function importWritten() {
  const arrays = read('model')
  const encoder = await importEncoder({ name: 'model', arrays, read: async (name) => arrays.get(name)! })
  const pass = read('pass')
  return { encoder, images: pass.get('images')!, expected: pass.get('features')!.values as Float32Array }
}

async function featuresOf(encoder: ResNet, { values, shape }: SafetensorsArray): Promise<Float32Array> {
  const x = tensor(values as Float32Array, [...shape]) as Tensor4D
  const features = encoder.apply(x, { training: false })
  const data = await features.data<'float32'>()
  x.dispose()
  features.dispose()
  return data
}

function read(name: string): Map<string, SafetensorsArray> {
  return decodeSafetensors(readFileSync(join(folder, `${name}.safetensors`)))
}

function run(program: string, ...parameters: string[]): void {
  execFileSync(python, ['-c', program, ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** The reason for a skip, printed, if Python or one of its packages is absent. */
function missing(...packages: string[]): string | undefined {
  const code = `import importlib.util, sys; sys.exit(0 if all(map(importlib.util.find_spec, sys.argv[1:])) else 1)`
  try {
    execFileSync(python, ['-c', code, ...packages], { stdio: 'ignore' })
    return undefined
  } catch {
    const reason = `skipped: ${python} with ${packages.join(', ')} is absent`
    console.warn(reason)
    return reason
  }
}
