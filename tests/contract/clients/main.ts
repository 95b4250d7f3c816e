/**
 * Installs foreign client libraries and lets each initialize, verify, fetch, list and refund against the sandbox. The libraries
 * stay in a folder of the system's temporary one, for the next run. `--only NAME` takes one of them.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type PaystackSandbox, startPaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import { type ForeignClient, foreignClients } from './clients.ts';
import { AMOUNT, type CallerEnvironment, type Outcome, outcomeSchema, REFUNDED } from './steps.ts';

const run = promisify(execFile);
const SECRET_KEY = 'sk_test_of_foreign_clients';
const CALL_TIMEOUT_MS = 120_000;
const home = path.join(tmpdir(), 'orders-module-clients');

/** Each has a folder of its own, because two of them have modules of the same name. */
async function install({ name, version, language }: ForeignClient): Promise<string> {
  const folder = path.join(home, `${language}-${name.replace('/', '+')}-${version}`);
  const done = path.join(folder, '.installed');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  if (language === 'node') {
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
    // Their install scripts do not run.
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', ...options, `${name}@${version}`], { cwd: folder });
  } else {
    const options = ['--quiet', '--disable-pip-version-check', '--upgrade', '--target', folder];
    await run('python3', ['-m', 'pip', 'install', ...options, `${name}==${version}`]);
  }
  writeFileSync(done, '');
  return folder;
}

async function callAll(client: ForeignClient, environment: CallerEnvironment): Promise<Outcome> {
  const isNode = client.language === 'node';
  const file = path.join(import.meta.dirname, isNode ? 'node-calls.ts' : 'python_calls.py');
  const [command, args] = isNode ? [process.execPath, ['--import', 'tsx', file]] : ['python3', ['-B', file]];
  const { PATH = '', HOME = '' } = process.env;
  // A library that is not pointed at the sandbox gets no further than this address.
  const nowhere = 'http://127.0.0.1:9';
  const env = { PATH, HOME, ...environment, HTTPS_PROXY: nowhere, https_proxy: nowhere };
  const { stdout } = await run(command, args, { env, timeout: CALL_TIMEOUT_MS });
  return outcomeSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

/** The differences between what the library read and what the sandbox did. */
function differences(outcome: Outcome, sandbox: PaystackSandbox, reference: string): string[] {
  const { id, status, refunds } = sandbox.transaction(reference);
  const [refund] = refunds;
  const routes = new Set(sandbox.requests().map((request) => request.route));
  const expectations: [what: string, holds: boolean][] = [
    ['the reference is initialized', outcome.initialized.reference === reference],
    ['there is a page to pay at', outcome.initialized.authorization_url.startsWith(`${sandbox.url}/checkout/`)],
    ['verify says success', outcome.verified.status === 'success' && outcome.verified.amount === AMOUNT],
    ['the transaction is read by its number', outcome.fetched.id === id && outcome.fetched.reference === reference],
    ['the list has the charge', outcome.listed.some((entry) => entry.reference === reference)],
    ['one part is refunded', refunds.length === 1 && refund?.amount === REFUNDED && status === 'reversal-pending'],
    ['the refund is the sandbox’s', outcome.refund.id === refund?.id && outcome.refund.status === 'pending'],
    ['the list of refunds has it', outcome.refunds.some((entry) => entry.id === refund?.id)],
    ['no call was refused', sandbox.requests().every((request) => request.status === 200)],
    ...(['initialize', 'verify', 'transaction.get', 'list', 'refund.create', 'refund.list'] as const).map(
      (route): [string, boolean] => [`${route} was called`, routes.has(route)],
    ),
  ];
  return expectations.filter(([, holds]) => !holds).map(([what]) => `not true: ${what}`);
}

async function tryClient(client: ForeignClient): Promise<string[]> {
  const sandbox = await startPaystackSandbox({ secretKey: SECRET_KEY });
  const reference = `client-${randomBytes(6).toString('hex')}`;
  try {
    const folder = await install(client);
    const names = { CLIENT: client.name, FOLDER: folder, BASE_URL: sandbox.url, SECRET_KEY, REFERENCE: reference };
    return differences(await callAll(client, names), sandbox, reference);
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return [stderr ? stderr.trim() : String(error)];
  } finally {
    await sandbox.close();
  }
}

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const chosen = foreignClients.filter(({ name }) => only === undefined || name === only);
let passed = 0;
for (const client of chosen) {
  const problems = await tryClient(client);
  if (problems.length === 0) passed += 1;
  const title = `${client.name} ${client.version} (${client.language}, ${client.pointedBy})`;
  console.log([`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${title}`, ...problems].join('\n     '));
}
console.log(`${passed} passed, ${chosen.length - passed} failed`);
if (passed < chosen.length || chosen.length === 0) process.exitCode = 1;
