import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { registerLibtorch } from '/work/main/packages/backend-libtorch/src/index.ts'
registerLibtorch({ library: '/tmp/w/simclr-home/libtorch', threads: Number(process.env.TH ?? 1) })
const n = (s: number[]) => s.reduce((a, b) => a * b)
let seed = 1; const R = (a: number, b: number) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return a + Math.floor((seed / 2 ** 32) * (b - a + 1)) }
let bad = 0, total = 0
for (let i = 0; i < 4000; i++) {
  const k = [R(1, 4), R(1, 4)], st = [R(1, 3), R(1, 3)]
  const c = [1, 1, 2, 3, 8, 16][R(0, 5)], o = [1, 2, 4, 16][R(0, 3)]
  const h = k[0] + R(0, 6), w = k[1] + R(0, 6), b = R(1, 3)
  const xs = [b, h, w, c], fs = [k[0], k[1], c, o]
  const xd = Array.from({ length: n(xs) }, () => R(-5, 5)), fd = Array.from({ length: n(fs) }, () => R(-3, 3))
  const res: any = {}
  for (const back of ['cpu', 'libtorch']) {
    await tf.setBackend(back)
    tf.tidy(() => {
      const x = tf.tensor(xd, xs), f = tf.tensor(fd, fs)
      const y = tf.conv2d(x as any, f as any, st as any, 'valid')
      const dy = tf.tensor(Array.from({ length: y.size }, (_, i) => ((i * 7) % 11) - 5), y.shape)
      const A = { strides: st, pad: 'valid', dataFormat: 'NHWC', dilations: 1 }
      res[back] = [y, tf.engine().runKernel('Conv2DBackpropInput', { dy, filter: f }, { ...A, inputShape: xs } as any), tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...A, filterShape: fs } as any)].map((t: any) => String(t.dataSync().map((v: number) => v + 0)))
      res.shape = y.shape
    })
  }
  total++
  const wrong = ['y', 'dx', 'dw'].filter((_, j) => res.cpu[j] !== res.libtorch[j])
  if (wrong.length) { bad++; console.log('BAD', `x=${xs} f=${fs} s=${st} y=${res.shape}`, wrong.join()) }
}
console.log(bad, total)
