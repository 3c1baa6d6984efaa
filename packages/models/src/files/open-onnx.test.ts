/** ONNX initializers as other writers store them; files of ours are in `node/small-files.test.ts`. */
import { expect, test } from 'vitest'
import { ProtobufWriter } from '../export/protobuf-writer.ts'
import { bytesSource } from './bytes-source.ts'
import { openOnnx } from './open-onnx.ts'

const tensor = (name: string, dtype: number, length: number): ProtobufWriter =>
  new ProtobufWriter().integer(1, length).integer(2, dtype).string(8, name)

async function open(...initializers: ProtobufWriter[]) {
  const graph = new ProtobufWriter().string(2, 'graph')
  for (const initializer of initializers) graph.message(5, initializer)
  const model = new ProtobufWriter().integer(1, 10).string(2, 'pytorch').message(7, graph).toBytes()
  return openOnnx(bytesSource('model.onnx', model))
}

test('every field of data', async () => {
  const padding = tensor('padding', 2, 64).bytes(9, new Uint8Array(64))
  const floats = new Uint8Array(Float32Array.of(1.5, -2).buffer)
  const doubles = new Uint8Array(Float64Array.of(0.1).buffer)
  const minusTwo = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
  const file = await open(
    padding,
    tensor('float_data', 1, 2).bytes(4, floats),
    tensor('double_data', 11, 1).bytes(10, doubles),
    tensor('int64_data', 7, 2).bytes(7, Uint8Array.of(...minusTwo, 0xac, 0x02)),
    tensor('int32_data', 6, 1).bytes(5, Uint8Array.from(minusTwo)),
    tensor('float16', 10, 1).bytes(5, Uint8Array.of(0x80, 0x78)),
    tensor('bfloat16', 16, 1).bytes(9, Uint8Array.of(0xc0, 0x3f)),
    tensor('strings', 8, 1),
    new ProtobufWriter().bytes(1, Uint8Array.of(1, 2)).integer(2, 1).string(8, 'packed').bytes(9, floats),
  )
  expect(file.producer).toBe('pytorch')
  const read = async (name: string) => Array.from((await file.read(name)).values as ArrayLike<number>)
  expect(await read('float_data')).toEqual([1.5, -2])
  expect(await read('double_data')).toEqual([0.1])
  expect(await read('int64_data')).toEqual([-2n, 300n])
  expect(await read('int32_data')).toEqual([-2])
  expect(await read('float16')).toEqual([1])
  expect(await read('bfloat16')).toEqual([1.5])
  expect(await file.read('packed')).toMatchObject({ shape: [1, 2] })
  expect(file.arrays.has('strings')).toBe(false)
})

test.each([
  [
    'data in another file',
    [tensor('a', 1, 2).integer(14, 1)],
    /"a" with its data inside.*save_as_external_data/,
  ],
  ['too few bytes', [tensor('a', 1, 2).bytes(9, new Uint8Array(4))], /"a" \[2\] of 8 bytes, got 4/],
  ['no name', [tensor('', 1, 0)], /initializers with names/],
  ['a name twice', [tensor('a', 1, 0), tensor('a', 1, 0)], /'a' twice/],
  ['65 axes', [new ProtobufWriter().bytes(1, new Uint8Array(65))], /at most 64 axes/],
])('refuses %s', async (_, initializers, message) => {
  await expect(open(...initializers)).rejects.toThrow(message)
})

test('refuses a model without graph', async () => {
  const model = new ProtobufWriter().integer(1, 10).toBytes()
  await expect(openOnnx(bytesSource('model.onnx', model))).rejects.toThrow(/with a graph, got none/)
})
