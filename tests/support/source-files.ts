/**
 * The project's sources for the tests of dependency rules and words: path, text, syntax tree, and the imports of each
 * file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface SourceImport {
  /** A path from the root of the checkout for the project's files, else the package's specifier. */
  to: string;
  /** TypeScript erases the import. */
  typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the checkout, with slashes. */
  path: string;
  text: string;
  tree: ts.SourceFile;
  /** Every node of the tree. */
  nodes: ts.Node[];
  imports: SourceImport[];
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NOT_OURS = new Set(['node_modules', 'dist', '.data', 'coverage']);

/** Every TypeScript file below these folders. */
export function readSources(folders: readonly string[]): SourceFile[] {
  return readTexts(folders).map(({ path, text }) => parseSource(path, text));
}

/** The files without syntax trees, which take most of the time. */
export function readTexts(folders: readonly string[]): Pick<SourceFile, 'path' | 'text'>[] {
  return folders
    .flatMap((folder) => listFiles(folder))
    .map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));
}

function listFiles(folder: string): string[] {
  return readdirSync(ROOT + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

export function parseSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const nodes = nodesOf(tree);
  return { path, text, tree, nodes, imports: importsOf(path, nodes) };
}

/** Every node below and including this one. */
export function nodesOf(root: ts.Node): ts.Node[] {
  const nodes = [root];
  // The loop also visits the nodes that it appends.
  for (const node of nodes) {
    node.forEachChild((child) => {
      nodes.push(child);
    });
  }
  return nodes;
}

export function lineOf({ tree }: SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

function importsOf(path: string, nodes: readonly ts.Node[]): SourceImport[] {
  const found: SourceImport[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ to: resolve(path, specifier.text), typeOnly });
  };
  for (const node of nodes) {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnlyImport(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
  }
  return found;
}

function isTypeOnlyImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier;
}
