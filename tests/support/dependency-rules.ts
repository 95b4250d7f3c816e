/**
 * Rules for single files: allowed imports, code with one home, size and name.
 * The test tests/rules/dependency-rules.test.ts applies them to the sources.
 */
import ts from 'typescript';
import { SAFETY_RULES } from './safety-rules.ts';
import { lineOf, nodesOf, type SourceFile, type SourceImport } from './source-files.ts';

export interface DependencyRule {
  /** A sentence that is true of every file. */
  name: string;
  /** The violations, each with its line or import. */
  violations(file: SourceFile): string[];
}

const isIn = (path: string, ...folders: readonly string[]) => folders.some((folder) => path.startsWith(`${folder}/`));
const isOurs = (path: string) => isIn(path, 'models', 'jobs', 'server', 'client-sdk', 'dev', 'tests');
const isDev = (path: string) => isIn(path, 'dev');
/** The `exports` of its package.json. */
const SANDBOX_ENTRY_POINTS = ['dev/paystack-sandbox/src/index.ts', 'dev/paystack-sandbox/src/http/index.ts'];

const APPS = ['client-sdk/storefront', 'client-sdk/desk'];

/** The imports from the project that files of a part may have. */
function importRule(
  name: string,
  part: (path: string) => boolean,
  mayImport: (to: SourceImport) => boolean,
): DependencyRule {
  return {
    name,
    violations: ({ path, imports }) =>
      part(path) ? imports.filter((to) => isOurs(to.to) && !mayImport(to)).map(({ to }) => `imports ${to}`) : [],
  };
}

const IMPORT_RULES: readonly DependencyRule[] = [
  {
    name: 'the contract imports itself and zod only',
    violations: ({ path, imports }) =>
      isIn(path, 'models/contract')
        ? imports.filter(({ to }) => !isIn(to, 'models/contract') && to !== 'zod').map(({ to }) => `imports ${to}`)
        : [],
  },
  importRule(
    'nothing of models but the audit imports the audit',
    (path) => isIn(path, 'models') && !isIn(path, 'models/audit'),
    ({ to }) => !isIn(to, 'models/audit'),
  ),
  importRule(
    'no other part imports the client',
    (path) => isIn(path, 'models', 'jobs', 'server', 'dev'),
    ({ to }) => !isIn(to, 'client-sdk'),
  ),
  importRule(
    'the sandbox imports nothing of ours',
    (path) => isIn(path, 'dev/paystack-sandbox'),
    ({ to }) => isIn(to, 'dev/paystack-sandbox'),
  ),
  importRule(
    'others import the sandbox by its entry points',
    (path) => !isIn(path, 'dev/paystack-sandbox'),
    ({ to }) => !isIn(to, 'dev/paystack-sandbox') || SANDBOX_ENTRY_POINTS.includes(to),
  ),
  importRule(
    'the client imports itself and the contract, and of the server the type of its router only',
    (path) => isIn(path, 'client-sdk'),
    ({ to, typeOnly }) => isIn(to, 'client-sdk', 'models/contract') || (to === 'server/trpc/router.ts' && typeOnly),
  ),
  {
    name: 'the apps share code through client-sdk/parts alone, which imports neither of them',
    violations: ({ path, imports }) =>
      isIn(path, ...APPS, 'client-sdk/parts')
        ? imports
            .filter(({ to }) => APPS.some((app) => isIn(to, app) && !isIn(path, app)))
            .map(({ to }) => `imports ${to}`)
        : [],
  },
];

/** Nodes that only the files of `homes` may contain. */
function homeRule(
  name: string,
  homes: (path: string) => boolean,
  isGuest: (node: ts.Node, file: SourceFile) => boolean,
): DependencyRule {
  return {
    name,
    violations(file) {
      const inScope = isIn(file.path, 'models', 'jobs', 'server', 'dev');
      if (!inScope || homes(file.path)) return [];
      const guests = file.nodes.filter((node) => isGuest(node, file));
      return guests.map((node) => `line ${lineOf(file, node)}: ${node.getText(file.tree).split('\n')[0]}`);
    },
  };
}

const calls = (node: ts.Node): ts.Expression | null => (ts.isCallExpression(node) ? node.expression : null);
const callsMethod = (node: ts.Node, ...names: readonly string[]) => {
  const callee = calls(node);
  return callee !== null && ts.isPropertyAccessExpression(callee) && names.includes(callee.name.text) ? callee : null;
};

const HTTP_CLIENTS = new Set(['axios', 'undici', 'got', 'request', 'paystack-api', 'node-fetch']);
const isHttpClient = (specifier: string) => HTTP_CLIENTS.has(specifier) || specifier.startsWith('@sendgrid/');
const isLoaded = ({ parent }: ts.Node) =>
  ts.isImportDeclaration(parent) ||
  (ts.isCallExpression(parent) && /^(require|import)$/.test(parent.expression.getText()));
const speaksHttp = (node: ts.Node): boolean => {
  if (ts.isStringLiteral(node)) return isHttpClient(node.text) && isLoaded(node);
  const callee = calls(node);
  if (callee !== null && ts.isIdentifier(callee)) return callee.text === 'fetch';
  const method = callsMethod(node, 'request', 'get', 'fetch');
  return method !== null && ['http', 'https', 'globalThis'].includes(method.expression.getText());
};

const readsTheWallClock = (node: ts.Node): boolean => {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0;
  return callsMethod(node, 'now')?.expression.getText() === 'Date';
};

const UPDATES = [
  ...['updateOne', 'updateMany', 'bulkWrite', 'replaceOne', 'deleteOne', 'deleteMany'],
  ...['findOneAndUpdate', 'findOneAndReplace', 'findOneAndDelete', 'findByIdAndUpdate', 'findByIdAndDelete'],
];

const opensSession = (node: ts.Node): boolean =>
  callsMethod(node, 'startSession', 'withSession', 'withTransaction', 'startTransaction') !== null ||
  /\bconnection$/.test(callsMethod(node, 'transaction')?.expression.getText() ?? '');

const ORDER_WRITERS = new Set([
  'models/order/change-order.ts',
  'models/order/stuck/own-failures.ts',
  'models/settlement/settlement-writes.ts',
]);

const ENVIRONMENT_READERS = [
  'server/config/config.ts',
  'dev/start/environment.ts',
  'dev/paystack-sandbox/src/environment.ts',
];

const HOME_RULES: readonly DependencyRule[] = [
  homeRule(
    'the environment is read in server/config/config.ts, and by each development program in its environment.ts',
    (path) => ENVIRONMENT_READERS.includes(path),
    (node) => ts.isPropertyAccessExpression(node) && node.getText() === 'process.env',
  ),
  homeRule(
    'sessions and transactions begin in models/db/transaction.ts',
    (path) => path === 'models/db/transaction.ts',
    opensSession,
  ),
  homeRule(
    'HTTP goes out through server/paystack and server/email',
    (path) => isIn(path, 'server/paystack', 'server/email', 'dev'),
    speaksHttp,
  ),
  homeRule(
    'the wall clock is read in server/context/system-ports.ts and server/context/database-clock.ts',
    (path) => path === 'server/context/system-ports.ts' || path === 'server/context/database-clock.ts' || isDev(path),
    readsTheWallClock,
  ),
  homeRule(
    'orders are updated in models/order by change-order.ts and stuck/own-failures.ts, and by the settlement’s batch',
    (path) => ORDER_WRITERS.has(path),
    (node) => /\borders\)?(\.collection)?$/.test(callsMethod(node, ...UPDATES)?.expression.getText() ?? ''),
  ),
];

/** models/db/database.ts says why; the other collections are reached through their models. */
const DRIVER_COLLECTIONS =
  /\bdb\.(users|variants|carts|orders|orderSearch|stockMovements|emails|webhookEvents|leases|migrations|settings)$/;
const MODEL_COLLECTIONS = /\bdb\.(products|checkpoints|schemaVersions)$/;

const ACCESS_RULE: DependencyRule = {
  name: 'each collection is reached in one way: by the driver, or by its model',
  violations(file) {
    if (!isIn(file.path, 'models', 'jobs', 'server')) return [];
    const isWrong = (node: ts.Node) => {
      if (!ts.isPropertyAccessExpression(node)) return false;
      const { parent } = node;
      const byDriver = ts.isCallExpression(parent) && parent.expression.getText(file.tree) === 'driverCollection';
      return (byDriver ? MODEL_COLLECTIONS : DRIVER_COLLECTIONS).test(node.getText(file.tree));
    };
    const wrong = file.nodes.filter(isWrong);
    return wrong.map((node) => `line ${lineOf(file, node)}: ${node.getText(file.tree)}`);
  },
};

const MAX_FILE_LINES = 350;
const MAX_FUNCTION_LINES = 70;
const VAGUE_NAMES = /(^|[-.])(utils?|helpers?|common|managers?|misc|shared)([-.]|$)/;
/** React components are named as in JSX, and files like vite.config.ts by their tool. */
const FILE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.tsx?$/;

const isFunction = (node: ts.Node) => ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;

/** Counts lines that are not blank, without nested functions: an object of short methods is short. */
function ownLines({ tree, text }: SourceFile, node: ts.Node): number {
  const lineAt = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  const inner = new Set<number>();
  for (const other of nodesOf(node)) {
    if (other === node || !isFunction(other)) continue;
    for (let line = lineAt(other.getStart(tree)) + 1; line < lineAt(other.getEnd()); line += 1) inner.add(line);
  }
  const lines = text.split('\n');
  let count = 0;
  for (let line = lineAt(node.getStart(tree)); line <= lineAt(node.getEnd()); line += 1) {
    if (lines[line]?.trim() !== '' && !inner.has(line)) count += 1;
  }
  return count;
}

const SHAPE_RULES: readonly DependencyRule[] = [
  {
    name: `no function is longer than ${MAX_FUNCTION_LINES} lines`,
    violations: (file) =>
      file.nodes.filter(isFunction).flatMap((node) => {
        const lines = ownLines(file, node);
        return lines > MAX_FUNCTION_LINES ? [`line ${lineOf(file, node)}: ${lines} lines`] : [];
      }),
  },
  {
    name: `no file is longer than ${MAX_FILE_LINES} lines`,
    violations: ({ text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > MAX_FILE_LINES ? [`${lines} lines`] : [];
    },
  },
  {
    name: 'file names are kebab-case and say what is inside',
    violations: ({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return FILE_NAME.test(name) && !VAGUE_NAMES.test(path.replace(/^tests\//, '').replaceAll('/', '-')) ? [] : [name];
    },
  },
];

export const DEPENDENCY_RULES: readonly DependencyRule[] = [
  ...IMPORT_RULES,
  ...HOME_RULES,
  ACCESS_RULE,
  ...SHAPE_RULES,
  ...SAFETY_RULES,
];
