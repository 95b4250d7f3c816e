/**
 * Builds dist/ from src/: one ES module and one declaration file. Both are bundled, so that they hold no path and no
 * import of this repository; guards.ts checks that. With `--check` it writes nothing, and checks the types of build/ too.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundleCode } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';
import { checkCode, checkTypes, TRPC } from './guards.ts';
import { publishTypes } from './router-types.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = (file: string) => join(root, 'src', file);
const dist = join(root, 'dist');
const onlyCheck = process.argv.includes('--check');

async function build(): Promise<void> {
  const [code, types] = await Promise.all([makeCode(), makeTypes()]);
  checkCode(code);
  checkTypes(types);
  if (!onlyCheck) await write(code, types);
  process.stdout.write(`dist/index.js ${code.length} bytes, dist/index.d.ts ${types.length} bytes\n`);
}

async function write(code: string, types: string): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  await writeFile(join(dist, 'index.js'), code);
  await writeFile(join(dist, 'index.d.ts'), types);
}

async function makeCode(): Promise<string> {
  const { outputFiles } = await bundleCode({
    entryPoints: [source('index.ts')],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    // Supported by browsers since 2022 and by Node 20.
    target: 'es2022',
    minify: true,
    external: ['@trpc/*'],
    write: false,
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild wrote nothing');
  return file.text;
}

/** Bundles TypeScript's declarations, with those of the router and its types replaced by printed ones. */
async function makeTypes(): Promise<string> {
  const program = createProgram();
  const folder = await mkdtemp(join(tmpdir(), 'client-types-'));
  try {
    await emitDeclarations(program, folder);
    const published = publishTypes(program, { types: source('types.ts'), router: source('router.ts') });
    await writeFile(join(folder, 'types.d.ts'), published.types);
    await writeFile(join(folder, 'router.d.ts'), published.router);
    const bundle = await rollup({
      input: join(folder, 'index.d.ts'),
      plugins: [dts()],
      external: (id) => TRPC.test(id),
      onLog: (_level, log) => {
        throw new Error(log.message);
      },
    });
    const { output } = await bundle.generate({ format: 'es' });
    await bundle.close();
    return output[0].code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function createProgram(): ts.Program {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: failOn };
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), { declaration: true }, host);
  if (!config) throw new Error('client-sdk/tsconfig.json cannot be read');
  const options = { ...config.options, noEmit: false, emitDeclarationOnly: true };
  const program = ts.createProgram(onlyCheck ? config.fileNames : [source('index.ts')], options);
  if (onlyCheck) for (const name of config.fileNames) checkFile(program, program.getSourceFile(name));
  return program;
}

async function emitDeclarations(program: ts.Program, folder: string): Promise<void> {
  const written: Promise<void>[] = [];
  const src = dirname(source('index.ts'));
  for (const file of program.getSourceFiles().filter(({ fileName }) => dirname(fileName) === src)) {
    checkFile(program, file);
    program.emit(
      file,
      (_path, text) => {
        const name = relative(src, file.fileName).replace(/\.ts$/, '.d.ts');
        written.push(writeFile(join(folder, name), text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'")));
      },
      undefined,
      true,
    );
  }
  await Promise.all(written);
}

/** The types of the server's files are checked with the server. */
function checkFile(program: ts.Program, file: ts.SourceFile | undefined): void {
  for (const problem of program.getSyntacticDiagnostics(file)) failOn(problem);
  for (const problem of program.getSemanticDiagnostics(file)) failOn(problem);
}

function failOn(problem: ts.Diagnostic): never {
  const { file, start = 0, messageText } = problem;
  const place =
    file === undefined
      ? ''
      : `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}: `;
  throw new Error(`${place}${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}

/** A dependency would be installed in every shop, although both files are bundled. */
async function checkManifest(): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || 'dependencies' in manifest) {
    throw new Error('the client brings no dependency of its own: tRPC is its peer');
  }
}

await checkManifest();
await build();
