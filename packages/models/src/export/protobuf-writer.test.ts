import { expect, test } from 'vitest'
import { ProtobufWriter } from './protobuf-writer.ts'

test('writes the examples of the specification', () => {
  expect([...new ProtobufWriter().integer(1, 150).toBytes()]).toEqual([0x08, 0x96, 0x01])
  expect([...new ProtobufWriter().string(2, 'testing').toBytes()]).toEqual([
    0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
  ])
  const inner = new ProtobufWriter().integer(1, 150)
  expect([...new ProtobufWriter().message(3, inner).toBytes()]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01])
  expect([...new ProtobufWriter().integer(1, -2).toBytes()]).toEqual([
    0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
  ])
})

test('writes floats, large field numbers and large integers', () => {
  expect([...new ProtobufWriter().float(2, -1.5).toBytes()]).toEqual([0x15, 0, 0, 0xc0, 0xbf])
  expect([...new ProtobufWriter().integer(20, 2n ** 40n).toBytes()]).toEqual([
    0xa0, 0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20,
  ])
})

test('refuses more than 2 GB before it takes the memory', () => {
  const block = new Uint8Array(2 ** 24)
  const writer = new ProtobufWriter()
  for (let i = 0; i < 128; i++) writer.bytes(1, block)
  expect(() => writer.toBytes()).toThrow(/at most 2147483647 bytes.*safetensors/s)
})
