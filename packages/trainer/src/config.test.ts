import { describe, expect, it } from 'vitest'
import { buildNetwork, buildSchedule } from './build-run.ts'
import { configDifference, resolveConfig } from './config.ts'
import { findPreset, presets } from './presets.ts'

describe('resolveConfig', () => {
  it('has the defaults of the paper', () => {
    expect(resolveConfig()).toMatchObject({
      ...{ depth: 50, width: 1, stem: 'imagenet', imageSize: 224, batchSize: 4096, epochs: 100 },
      ...{ temperature: 0.1, optimizer: 'lars', learningRate: 0.3, warmupEpochs: 10, weightDecay: 1e-6 },
      ...{ strength: 1, blur: true, projectionLayers: 2, projectionWidth: 128 },
    })
  })

  it('lets later layers win, and ignores undefined', () => {
    const config = resolveConfig({ epochs: 2, seed: 1 }, { epochs: 3, seed: undefined })
    expect(config).toMatchObject({ epochs: 3, seed: 1 })
  })

  it.each([
    [{ temprature: 1 }, 'got the unknown setting "temprature". Did you mean "temperature"?'],
    [{ batchSize: 1 }, 'config: batchSize: must be at least 2 images'],
    [{ temperature: 0 }, 'config: temperature: must be'],
    [{ depth: 19 }, 'config: depth'],
    [{ stem: 'cifr' }, 'config: stem'],
    [{ epochs: 1.5 }, 'config: epochs'],
    [{ blur: 'yes' }, 'config: blur'],
    [{ augmentation: 'simcrl' }, 'got "simcrl". Did you mean "simclr"?'],
    [{ augmentation: 'crop+colour' }, 'got "crop+colour". Did you mean "crop+color"?'],
    [{ augmentation: 'crop+crop' }, 'one or two different of crop, cutout'],
    [
      { augmentation: 'crop+color+blur' },
      'config: augmentation: must be simclr, simclr+rotate, simclr+noise, simclr+sobel, auto-augment, or one or two',
    ],
    [{ augmentation: 'mixup between images' }, 'It is: simclr, simclr+rotate'],
  ])('refuses %j', (settings, message) => {
    expect(() => resolveConfig(settings as object)).toThrow(message)
  })
})

it.each(['auto-augment', 'simclr+noise', 'crop', 'color+blur', 'blur+color'])(
  'takes the augmentation %s',
  (augmentation) => {
    expect(resolveConfig({ augmentation }).augmentation).toBe(augmentation)
  },
)

describe('presets', () => {
  it.each(Object.keys(presets))('%s is valid', (name) => {
    expect(() => resolveConfig(findPreset(name))).not.toThrow()
  })

  it('for CIFAR keep the small stem, half the colour strength and no blur (appendix B.9)', () => {
    for (const name of ['cifar10', 'cifar10-cpu', 'tiny']) {
      expect(resolveConfig(findPreset(name))).toMatchObject({
        stem: 'cifar',
        imageSize: 32,
        strength: 0.5,
        blur: false,
      })
    }
  })

  it('refuses an unknown name and names the nearest', () => {
    expect(() => findPreset('imagnet')).toThrow('Did you mean "imagenet"?')
  })
})

describe('configDifference', () => {
  it('names the first setting that differs', () => {
    const config = resolveConfig({ seed: 1 })
    expect(configDifference(config, { ...config })).toBeUndefined()
    expect(configDifference(config, { ...config, trainImages: 5 })).toBe('trainImages: all, not 5')
  })
})

describe('what a configuration builds', () => {
  const config = resolveConfig(findPreset('tiny'), { width: 0.125, epochs: 10, warmupEpochs: 2 })

  it('has the head and stem that were asked for', () => {
    const network = buildNetwork(config)
    const kernels = network
      .parameters()
      .filter(({ name }) => name.startsWith('projection') && name.endsWith('kernel'))
    expect(kernels.map(({ value }) => value.shape)).toEqual([
      [64, 64],
      [64, 128],
    ])
    expect(network.parameters()[0]!.value.shape).toEqual([3, 3, 3, 8])
    network.dispose()
  })

  it('warms up to the peak and decays to 0', () => {
    const schedule = buildSchedule({ ...config, learningRate: 0.5, learningRateScaling: 'none' }, 20)
    expect([0, 20, 40, 120, 200].map(schedule)).toEqual([
      0,
      0.25,
      0.5,
      expect.closeTo(0.25, 10),
      expect.closeTo(0, 10),
    ])
  })
})
