/**
 * Builds the image of Dockerfile as folders, without Docker: COPY copies only the named files, and RUN runs as written.
 * `npm install` and `npm prune` are replaced by a link to the packages of this checkout.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORKDIR = '/app/';

export interface Instruction {
  name: string;
  rest: string;
}

export interface BuildStage {
  /** Null if no instruction refers to it. */
  name: string | null;
  base: string;
  instructions: Instruction[];
}

/** Parses the instructions that Dockerfile uses, each on one line. */
export function readStages(): BuildStage[] {
  const stages: BuildStage[] = [];
  for (const line of readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) throw new Error(`not an instruction: ${line}`);
    const from = /^(\S+)(?: AS (\S+))?$/.exec(rest);
    if (name === 'FROM' && from) stages.push({ base: from[1] ?? '', name: from[2] ?? null, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

export interface Image {
  /** The folder that becomes the image's WORKDIR. */
  folder: string;
  environment: Record<string, string>;
  command: string[];
}

/** Builds each stageFolder in a subfolder of `folder`, which exists and is empty. The last stageFolder is the image. */
export async function buildImage(folder: string): Promise<Image> {
  const built = new Map<string, string>();
  const image: Image = { folder: '', environment: {}, command: [] };
  for (const [index, { name, instructions }] of readStages().entries()) {
    const stageFolder = join(folder, name ?? String(index));
    await mkdir(stageFolder);
    if (name !== null) built.set(name, stageFolder);
    image.folder = stageFolder;
    for (const instruction of instructions) await perform(instruction, stageFolder, built, image);
  }
  return image;
}

async function perform({ name, rest }: Instruction, stageFolder: string, built: Map<string, string>, image: Image) {
  if (name === 'COPY') await copy(rest, stageFolder, built);
  else if (name === 'RUN') await run(rest, stageFolder);
  else if (name === 'ENV') Object.assign(image.environment, Object.fromEntries([rest.split('=')]));
  else if (name === 'CMD') image.command = z.array(z.string()).parse(JSON.parse(rest));
  else if (!['WORKDIR', 'USER', 'EXPOSE'].includes(name)) throw new Error(`unknown instruction ${name}`);
}

async function copy(rest: string, stageFolder: string, built: Map<string, string>): Promise<void> {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.+)$/.exec(rest) ?? [];
  const sources = paths.split(' ');
  const target = sources.pop() ?? '';
  const context = from === undefined ? ROOT : built.get(from);
  if (context === undefined) throw new Error(`no stage ${from}`);
  for (const source of sources) {
    const path = join(context, source.startsWith(WORKDIR) ? source.slice(WORKDIR.length) : source);
    const goal = join(stageFolder, target.endsWith('/') ? join(target, basename(source)) : target);
    if (basename(path) === 'node_modules') await symlink(join(ROOT, 'node_modules'), goal);
    else await cp(path, goal, { recursive: true, filter: from === undefined ? isInContext : () => true });
  }
}

/** The names in .dockerignore, matched in any folder. The copied paths need no other patterns. */
const IGNORED = new Set(
  readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/^\*\*\//, '')),
);
const isInContext = (path: string) => !IGNORED.has(basename(path));

async function run(command: string, stageFolder: string): Promise<void> {
  if (command === 'npm install') await linkPackages(stageFolder);
  else if (!command.startsWith('npm prune'))
    await promisify(execFile)('/bin/sh', ['-c', command], { cwd: stageFolder });
}

/** The packages of the root and those of each workspace that has its own. */
async function linkPackages(stageFolder: string): Promise<void> {
  for (const workspace of ['.', ...readWorkspaces()]) {
    const packages = join(ROOT, workspace, 'node_modules');
    if (!existsSync(packages)) continue;
    const link = join(stageFolder, workspace, 'node_modules');
    await mkdir(dirname(link), { recursive: true });
    await symlink(packages, link);
  }
}

/** The folders that package.json lists as workspaces. */
export function readWorkspaces(): string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return z.object({ workspaces: z.array(z.string()) }).parse(manifest).workspaces;
}
