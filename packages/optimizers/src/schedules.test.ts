import { pythonWith, runPython } from '@simclr/tools/testing'
import { expect, test } from 'vitest'
import { constant } from './constant.ts'
import { stepDecay } from './step-decay.ts'
import { warmupCosine } from './warmup-cosine.ts'
import { warmupLinear } from './warmup-linear.ts'

const RATES = 12
const torchSchedules: [name: string, schedule: (step: number) => number, torch: string][] = [
  [
    'stepDecay',
    stepDecay({ peak: 0.5, boundaries: [3, 7], factor: 0.2 }),
    'MultiStepLR(optimizer, [3, 7], 0.2)',
  ],
  [
    'warmupLinear',
    warmupLinear({ peak: 0.5, totalSteps: 10, final: 0.05 }),
    'LinearLR(optimizer, 1, 0.1, total_iters=10)',
  ],
  ['constant', constant({ peak: 0.5 }), 'ConstantLR(optimizer, 1)'],
  [
    'warmupCosine',
    warmupCosine({ peak: 0.5, warmupSteps: 0, totalSteps: RATES }),
    `CosineAnnealingLR(optimizer, ${RATES})`,
  ],
]

test.for(torchSchedules)('%s equals PyTorch', ([, schedule, torch], { skip }) => {
  const python = pythonWith('torch')
  if (python === undefined) return skip('no Python with torch')
  const script = `
import json, torch
from torch.optim.lr_scheduler import *
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
scheduler = ${torch}
rates = []
for _ in range(${RATES}):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
print(json.dumps(rates))`
  const rates = Array.from({ length: RATES }, (_, step) => schedule(step))
  expect(rates).toBeAllClose(JSON.parse(runPython(python, script)), { absolute: 1e-12 })
})

test.each([
  ['stepDecay', stepDecay({ peak: 4, boundaries: [8], warmupSteps: 4 })],
  ['warmupLinear', warmupLinear({ peak: 4, totalSteps: 8, warmupSteps: 4 })],
  ['constant', constant({ peak: 4, warmupSteps: 4 })],
])('%s warms up from 0 to its peak', (_name, schedule) => {
  expect([0, 1, 2, 3, 4].map(schedule)).toEqual([0, 1, 2, 3, 4])
})

test.each([
  [() => stepDecay({ peak: -1, boundaries: [] }), 'peak'],
  [() => stepDecay({ peak: 1, boundaries: [], factor: 2 }), 'factor'],
  [() => stepDecay({ peak: 1, boundaries: [5, 3] }), 'boundaries'],
  [() => stepDecay({ peak: 1, boundaries: [2.5] }), 'boundaries'],
  [() => stepDecay({ peak: 1, boundaries: [3], warmupSteps: 4 }), 'end of the warm-up (4)'],
  [() => warmupLinear({ peak: Number.NaN, totalSteps: 1 }), 'peak'],
  [() => warmupLinear({ peak: 1, totalSteps: 1, final: -1 }), 'final'],
  [() => warmupLinear({ peak: 1, totalSteps: 2, warmupSteps: 2 }), 'totalSteps'],
  [() => constant({ peak: -1 }), 'peak'],
  [() => constant({ peak: 1, warmupSteps: 0.5 }), 'warmupSteps'],
])('rejects %s', (run, message) => {
  expect(run).toThrow(message)
})
