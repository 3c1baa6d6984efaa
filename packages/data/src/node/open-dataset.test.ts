import { expect, it } from 'vitest'
import { openDataset } from './open-dataset.ts'

it('opens synthetic images by count', async () => {
  const dataset = await openDataset('synthetic:40')
  expect([dataset.name, dataset.length]).toEqual(['synthetic', 40])
})

it('passes on the folder, colons and all', async () => {
  await expect(openDataset('cifar10:/no/such:folder')).rejects.toThrow('/no/such:folder/data_batch_1.bin')
  await expect(openDataset('folder:/no/such:folder')).rejects.toThrow('imageFolder: /no/such:folder')
})

it.each([
  ['cifar:x', 'got "cifar:x". Did you mean "cifar10"?'],
  ['sinthetic', 'Did you mean "synthetic"?'],
  ['/data/my photographs', 'type folder:/data/my photographs'],
  ['cifar10', 'dataset cifar10: must be followed by its folder, cifar10:DIR'],
  ['folder:', 'dataset folder: must be followed by its folder, folder:DIR'],
  ['synthetic:many', 'synthetic: count: must be a whole number of at least 1, got NaN'],
  ['toString', 'dataset: must be synthetic or synthetic:COUNT, folder:DIR, birdsnap:DIR'],
])('refuses %s', async (spec, message) => {
  await expect(openDataset(spec)).rejects.toThrow(message)
})
