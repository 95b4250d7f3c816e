/**
 * The packages that most test files load, bundled into one script. Jest evaluates the module graph anew for each test file;
 * these packages are some 1,500 files, and to resolve, read and compile each took half of the CPU time of a run.
 *
 * environment.mjs compiles the script once for each of Jest's processes and evaluates it in each file's own context. Child
 * processes that tests start run on the packages as they are installed.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** As the sources name them. Not those with native code, or with files of their own to serve. */
const SPECIFIERS = [
  '@agendajs/mongo-backend',
  '@sendgrid/client',
  '@sendgrid/mail',
  '@trpc/client',
  '@trpc/server',
  '@trpc/server/adapters/express',
  '@trpc/server/http',
  '@trpc/server/observable',
  '@trpc/server/rpc',
  'agenda',
  'compression',
  'cors',
  'express',
  'express-rate-limit',
  'fast-check',
  'helmet',
  'jose',
  'mongodb',
  'mongoose',
  'paystack-api',
  'pino',
  'pino-http',
  'prom-client',
  'zod',
];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fileNameOf = (specifier) => `${specifier.replaceAll('@', '').replaceAll('/', '.')}.mjs`;

/**
 * The script's path, and Jest's `moduleNameMapper` from each specifier to a module with its exports. Builds both unless
 * they exist for the installed versions.
 */
export async function bundlePackages() {
  const folder = join(root, 'node_modules/.cache/orders-module-tests', await versionOf());
  if (!existsSync(folder)) await buildInto(folder);
  return {
    script: join(folder, 'packages.cjs'),
    moduleNameMapper: Object.fromEntries(SPECIFIERS.map((name) => [`^${name}$`, join(folder, fileNameOf(name))])),
  };
}

async function versionOf() {
  const hash = createHash('sha256').update(process.version);
  for (const file of [join(root, 'package-lock.json'), fileURLToPath(import.meta.url)])
    hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/** Atomic, because several runs may begin at once: one of them renames its folder, the others remove theirs. */
async function buildInto(folder) {
  await mkdir(join(folder, '..'), { recursive: true });
  const own = await mkdtemp(`${folder}-`);
  try {
    const entry = join(own, 'entry.mjs');
    const loaders = SPECIFIERS.map((name) => `'${name}': () => import('${name}'),`);
    await writeFile(entry, `export const packages = {\n${loaders.join('\n')}\n};\n`);
    await build({
      entryPoints: [entry],
      outfile: join(own, 'packages.cjs'),
      bundle: true,
      format: 'cjs',
      platform: 'node',
      // The file that Node would choose, not one meant for bundlers.
      conditions: ['node'],
      mainFields: ['main'],
      // Node's own modules by `require`: a script evaluated in a context of its own has no `import()`.
      supported: { 'dynamic-import': false },
      // Less to parse; names stay, because stack traces and errors show them.
      minifyWhitespace: true,
      // Without its warnings: the MongoDB driver tries optional packages that are not installed, here as there.
      logLevel: 'error',
    });
    await rm(entry);
    await Promise.all(SPECIFIERS.map((name) => writeModule(join(own, fileNameOf(name)), name)));
    await rename(own, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Exports what Node's own `import` of the package exports, under the same names. */
async function writeModule(path, specifier) {
  const names = Object.keys(await import(specifier)).filter((name) =>
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name),
  );
  const lines = names.map((name, index) => `const e${index} = exported.${name};`);
  const exports = names.map((name, index) => `e${index} as ${name}`).join(', ');
  const load = `const exported = await globalThis[Symbol.for('orders-module.packages')]('${specifier}');`;
  await writeFile(path, `${load}\n${lines.join('\n')}\nexport { ${exports} };\n`);
}
