/** The import graph of the project's files, type imports included: its circles, its upward imports, and what is in no use. */
import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

type GraphFile = Pick<SourceFile, 'path' | 'imports'>;

/** From the lowest floor up. A file imports from its own floor and from lower ones. */
const FLOORS = ['models/contract', 'models', 'jobs', 'server', 'dev', 'tests'] as const;

/** Null for files outside the floors. */
export function floorOf(path: string): number | null {
  const floor = FLOORS.findIndex((folder) => path.startsWith(`${folder}/`));
  return floor === -1 ? null : floor;
}

/** `file imports file` for each import of a higher floor. */
export function findUpwardImports(files: readonly GraphFile[]): string[] {
  return files.flatMap(({ path, imports }) => {
    const floor = floorOf(path);
    if (floor === null) return [];
    return imports.filter(({ to }) => (floorOf(to) ?? 0) > floor).map(({ to }) => `${path} imports ${to}`);
  });
}

/**
 * Each circle as its files in import order, with the first repeated at the end. If files import each other in several
 * ways, one circle is returned.
 */
export function findCircles(files: readonly GraphFile[]): string[][] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports.map(({ to }) => to)]));
  const finished = new Set<string>();
  const circles: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      circles.push([...trail.slice(start), path]);
      return;
    }
    if (finished.has(path)) return;
    for (const to of importsOf.get(path) ?? []) if (importsOf.has(to)) visit(to, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  return circles;
}

/** The folders that directly contain more than `most` files, each with its number. */
export function findCrowdedFolders(paths: readonly string[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(posix.dirname(path), (counts.get(posix.dirname(path)) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > most).map(([folder, count]) => `${folder} holds ${count} files`);
}

/** Jest, TypeScript and Vite find these themselves, and the samples are compiled as a folder. */
const FOUND_BY_TOOLS = /\.test\.ts$|\.d\.ts$|\/vite\.config\.ts$|^client-sdk\/sample\//;

/** Files that no other file imports or names, and no text of `commands` either, so that nothing runs them. */
export function findUnused(
  files: readonly Pick<SourceFile, 'path' | 'imports' | 'text'>[],
  commands: readonly string[],
): string[] {
  const imported = new Set(files.flatMap(({ imports }) => imports.map(({ to }) => to)));
  return files
    .map(({ path }) => path)
    .filter((path) => !imported.has(path) && !FOUND_BY_TOOLS.test(path))
    .filter((path) => {
      const named = namePattern(path);
      return ![...commands, ...files.filter((file) => file.path !== path).map(({ text }) => text)].some((text) =>
        named.test(text),
      );
    });
}

/** As source or compiled. A name that many programs have counts with its folder. */
function namePattern(path: string): RegExp {
  const { dir, name } = posix.parse(path);
  return new RegExp(`(?<![\\w-])${name === 'main' ? `${posix.basename(dir)}/` : ''}${name}\\.[jt]s`);
}
