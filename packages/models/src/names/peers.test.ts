/** Weights from and to the real torchvision, and from real TensorFlow variables under the official names. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pythonWith, runPython } from '@simclr/tools/testing'
import { tensor4d } from '@tensorflow/tfjs-core'
import { afterAll, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors, type SafetensorsArray } from '../files/safetensors.ts'
import { LinearHead } from '../linear-head.ts'
import { openWeights } from '../node/open-weights.ts'
import type { ResNet } from '../resnet.ts'
import { moduleWeights, type Weights } from '../weights.ts'
import { importEncoder } from './import-encoder.ts'
import { torchvisionWeights } from './torchvision-weights.ts'

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

/** A checkpoint and a pass of a ResNet in TensorFlow's own operations, in the order of the official code. */
const TENSORFLOW_WRITES = `
import sys, numpy as np, tensorflow as tf
from safetensors.numpy import save_file
depth, folder = int(sys.argv[1]), sys.argv[2]
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
size = 32 if depth == 18 else 64
images = random.uniform(0, 1, (2, size, size, 3)).astype('f')
x = tf.constant(images)
if depth == 18:
    x = tf.nn.relu(norm(conv(x, 64, 3, 1)))
else:
    x = tf.nn.max_pool2d(tf.nn.relu(norm(conv(x, 64, 7, 2))), 3, 2, 'SAME')
for group, blocks in enumerate([2, 2, 2, 2] if depth == 18 else [3, 4, 6, 3]):
    width = 64 * 2 ** group
    for block in range(blocks):
        stride = 2 if group > 0 and block == 0 else 1
        shortcut = norm(conv(x, width * (1 if depth == 18 else 4), 1, stride)) if block == 0 else x
        if depth == 18:
            hidden = tf.nn.relu(norm(conv(x, width, 3, stride)))
            x = tf.nn.relu(norm(conv(hidden, width, 3, 1)) + shortcut)
        else:
            hidden = tf.nn.relu(norm(conv(x, width, 1, 1)))
            hidden = tf.nn.relu(norm(conv(hidden, width, 3, stride)))
            x = tf.nn.relu(norm(conv(hidden, 4 * width, 1, 1)) + shortcut)
arrays['global_step'] = np.int64(7)
arrays['base_model/conv2d/kernel/Momentum'] = arrays['base_model/conv2d/kernel']
names = list(arrays)
tf.raw_ops.SaveV2(prefix=f'{folder}/model.ckpt-7', tensor_names=names, shape_and_slices=[''] * len(names),
                  tensors=[tf.constant(arrays[name]) for name in names])
save_file({'images': images, 'features': tf.reduce_mean(x, [1, 2]).numpy()}, f'{folder}/pass.safetensors')
`

test.for([18, 50])('torchvision.models.resnet%i → ours → torchvision', async (depth, { skip }) => {
  const python = pythonWith('torch')
  if (python === undefined) return skip('no Python with torch')
  runPython(python, TORCH_WRITES, [String(depth), folder])
  const encoder = await importFrom('model.safetensors')
  expect(encoder.options).toMatchObject({ depth, style: 'torchvision', stem: 'imagenet', width: 1 })
  const { images, features } = readPass()
  expect(await featuresOf(encoder, images)).toBeAllClose(features, { relative: 1e-4, absolute: 1e-5 })

  const head = new LinearHead({ inputWidth: encoder.featureWidth, classes: 10 })
  writeFileSync(
    join(folder, 'export.safetensors'),
    encodeSafetensors(await torchvisionWeights(encoder, head)),
  )
  runPython(python, TORCH_READS, [String(depth), folder])
  const back = read('back.safetensors').get('features')!.values as Float32Array
  expect(back).toBeAllClose(features, { relative: 1e-4, absolute: 1e-5 })

  const again = await importFrom('export.safetensors')
  expect(hash(await moduleWeights(again))).toBe(hash(await moduleWeights(encoder)))
  for (const module of [encoder, again, head]) module.dispose()
})

test.for([
  [18, 'cifar'],
  [50, 'imagenet'],
] as const)(
  'a TensorFlow checkpoint of ResNet-%i under the official names → ours',
  async ([depth, stem], { skip }) => {
    const python = pythonWith('tensorflow')
    if (python === undefined) return skip('no Python with tensorflow')
    runPython(python, TENSORFLOW_WRITES, [String(depth), folder])
    const encoder = await importFrom('model.ckpt-7')
    expect(encoder.options).toMatchObject({ depth, style: 'official', stem })
    const { images, features } = readPass()
    expect(await featuresOf(encoder, images)).toBeAllClose(features, { relative: 1e-4, absolute: 1e-5 })
    encoder.dispose()
  },
)

async function importFrom(name: string): Promise<ResNet> {
  const file = await openWeights(join(folder, name))
  try {
    return await importEncoder(file)
  } finally {
    await file.close()
  }
}

/** The images and features that Python left in the folder. */
function readPass(): { images: SafetensorsArray; features: Float32Array } {
  const pass = read('pass.safetensors')
  return { images: pass.get('images')!, features: pass.get('features')!.values as Float32Array }
}

async function featuresOf(encoder: ResNet, { values, shape }: SafetensorsArray): Promise<Float32Array> {
  const x = tensor4d(values as Float32Array, shape as [number, number, number, number])
  const features = encoder.apply(x, { training: false })
  const data = await features.data<'float32'>()
  x.dispose()
  features.dispose()
  return data
}

function read(name: string): Map<string, SafetensorsArray> {
  return decodeSafetensors(readFileSync(join(folder, name)))
}

/** Of the bytes of a file of these weights: equal only if they are. */
function hash(weights: Weights): string {
  return createHash('sha256').update(encodeSafetensors(weights)).digest('hex')
}
