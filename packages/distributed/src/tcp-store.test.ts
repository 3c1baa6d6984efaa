/** The store between several members in this process; strangers and crashes are plain sockets. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openTcpStore, type TcpStore } from './tcp-store.ts'

const HOST = '127.0.0.1'
const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

async function open(rank: number, size: number, port: number, timeoutSeconds = 10): Promise<TcpStore> {
  const store = await openTcpStore({ rank, size, host: HOST, port, timeoutSeconds })
  cleanUps.push(() => store.close())
  return store
}

async function openAll(size: number, timeoutSeconds?: number): Promise<TcpStore[]> {
  const first = await open(0, size, 0, timeoutSeconds)
  const ranks = Array.from({ length: size - 1 }, (_, i) => i + 1)
  return [first, ...(await Promise.all(ranks.map((rank) => open(rank, size, first.port, timeoutSeconds))))]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function stranger(port: number, ...texts: string[]): Promise<Socket> {
  const socket = connect(port, HOST)
  cleanUps.push(() => socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  for (const text of texts) socket.write(text)
  return socket
}

/** Greets as a rank does; destroying the socket is then what a crash looks like. */
async function rawMember(rank: number, size: number, port: number): Promise<Socket> {
  const socket = await stranger(port, `${JSON.stringify({ greeting: 'simclr-tcp-store', rank, size })}\n`)
  await once(socket, 'data')
  return socket
}

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7919) >> 3)

describe('values', () => {
  it.each([0, 1, 128, 1_000_000])('of %i bytes reach every rank', async (length) => {
    const sent = bytes(length)
    const stores = await openAll(3)
    for (const writer of stores) {
      await writer.set(`from ${writer.rank}`, sent)
      const read = await Promise.all(stores.map((store) => store.get(`from ${writer.rank}`)))
      for (const value of read) expect(Buffer.compare(value, sent)).toBe(0)
    }
  })

  it('may be set after they are asked for, by any rank', async () => {
    const stores = await openAll(3)
    const waiting = stores.flatMap((store) => [store.get('a'), store.get('b')])
    await new Promise((resolve) => setTimeout(resolve, 50))
    await stores[2]!.set('a', bytes(3))
    await stores[0]!.set('b', bytes(5))
    const lengths = (await Promise.all(waiting)).map((value) => value.length)
    expect(lengths).toEqual([3, 5, 3, 5, 3, 5])
  })

  it('are replaced by later ones, and survive the rank that set them', async () => {
    const [first, second, third] = (await openAll(3)) as [TcpStore, TcpStore, TcpStore]
    await second.set('key', bytes(1))
    await second.set('key', bytes(2))
    second.close()
    expect(await third.get('key')).toHaveLength(2)
    expect(await first.get('key')).toHaveLength(2)
  })

  it('keep names with line breaks and quotes apart', async () => {
    const [first, second] = (await openAll(2)) as [TcpStore, TcpStore]
    await first.set('a\n"b"', bytes(1))
    await first.set('a', bytes(2))
    expect(await second.get('a\n"b"')).toHaveLength(1)
  })
})

describe('joining', () => {
  it('waits for a rank 0 that starts late', async () => {
    const port = await freePort()
    const second = open(1, 2, port)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await (await open(0, 2, port)).set('key', bytes(4))
    expect(await (await second).get('key')).toHaveLength(4)
  })

  it('says where it looked if nobody listens in time', async () => {
    const port = await freePort()
    await expect(open(1, 2, port, 0.3)).rejects.toThrow(
      `openTcpStore: host and port: must be where rank 0 listens within 0.3 s, got ${HOST}:${port} (connect ECONNREFUSED`,
    )
  })

  it('names a port that is in use', async () => {
    const { port } = await open(0, 2, 0)
    await expect(open(0, 2, port)).rejects.toThrow(
      `openTcpStore: port: must be free on the machine of rank 0, got ${port}, which is in use. Choose another`,
    )
  })

  it('refuses a rank twice, another size, and a rank outside the group', async () => {
    const [{ port }] = (await openAll(2)) as [TcpStore, TcpStore]
    await expect(open(1, 2, port)).rejects.toThrow('got rank 1, which has joined already')
    await expect(open(1, 3, port)).rejects.toThrow('got size 3, where rank 0 has 2')
    await expect(open(2, 2, port)).rejects.toThrow(
      'openTcpStore: rank: must be a number between 0 and 1, got 2',
    )
  })

  it('notices that another program answers', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')
    }).listen(0)
    cleanUps.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await expect(open(1, 2, port)).rejects.toThrow('where another program answers. Choose another port')
  })

  it('gives up on a program that does not answer', async () => {
    const server = createServer((socket) => cleanUps.push(() => socket.destroy())).listen(0)
    cleanUps.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await expect(open(1, 2, port, 0.3)).rejects.toThrow('(no answer)')
  })
})

describe('trouble', () => {
  it('a key that nobody sets: tells who has joined', async () => {
    const first = await open(0, 3, 0, 0.3)
    const second = await open(1, 3, first.port, 0.3)
    await expect(first.get('id')).rejects.toThrow(
      'TcpStore: key "id": must be set within 0.3 s, got nothing while 2 of 3 ranks have joined: 0, 1.',
    )
    await expect(second.get('id')).rejects.toThrow('must be set within 0.3 s, got nothing so far.')
  })

  it('a rank that ends early: fails those who wait, and later ones', async () => {
    const first = await open(0, 3, 0)
    const second = await open(1, 3, first.port)
    await first.set('before', bytes(2))
    const waiting = [first.get('id'), second.get('id')].map((value) =>
      expect(value).rejects.toThrow(
        'key "id": must be set before its rank leaves, got no value, and rank 2 is gone',
      ),
    )
    const third = await rawMember(2, 3, first.port)
    third.destroy()
    await Promise.all(waiting)
    await expect(second.get('other')).rejects.toThrow('rank 2 is gone')
    expect(await second.get('before')).toHaveLength(2)
  })

  it('rank 0 that ends: fails the others at once, and what they ask later', async () => {
    const [first, second] = (await openAll(2)) as [TcpStore, TcpStore]
    const waiting = expect(second.get('id')).rejects.toThrow('rank 0 is gone')
    first.close()
    await waiting
    await expect(second.set('id', bytes(1))).rejects.toThrow('rank 0 is gone')
  })

  it('a closed store: fails what it waits for; the other ranks go on', async () => {
    const [first, second, third] = (await openAll(3)) as [TcpStore, TcpStore, TcpStore]
    const own = expect(second.get('id')).rejects.toThrow('got a closed store')
    const other = third.get('id')
    second.close()
    await own
    await first.set('id', bytes(9))
    expect(await other).toHaveLength(9)
  })

  it('a value too long for a message', async () => {
    const first = await open(0, 1, 0)
    await expect(first.set('key', new Uint8Array(2 ** 25 + 1))).rejects.toThrow('between 0 and 33554432')
  })

  it.each([
    ['bytes', ['\u0000\u0001\u00ff\n\n']],
    ['HTTP', ['GET / HTTP/1.1\r\nHost: x\r\n\r\n']],
    ['JSON of another kind', ['null\n', '[1]\n', '{"rank":0}\n']],
    ['a key without a greeting', ['{"key":"id","value":"AAAA","id":0}\n']],
    ['a greeting with a rank of another type', ['{"greeting":"simclr-tcp-store","rank":"1","size":2}\n']],
  ])('%s from a stranger: dropped, and the group goes on', async (_, texts) => {
    const first = await open(0, 2, 0)
    const socket = await stranger(first.port, ...texts)
    socket.resume()
    await once(socket, 'close')
    const second = await open(1, 2, first.port)
    await first.set('id', bytes(4))
    expect(await second.get('id')).toEqual(bytes(4))
  })

  it('garbage of a member: it is dropped and counts as gone', async () => {
    const first = await open(0, 2, 0)
    const socket = await rawMember(1, 2, first.port)
    socket.write('{"key":5}\n{"value":{}}\nnot JSON\n')
    await expect(first.get('id')).rejects.toThrow('rank 1 is gone')
  })
})
