/** Each rule is also applied to an example that breaks it, because a rule that finds nothing may check nothing. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DEPENDENCY_RULES } from '../support/dependency-rules.ts';
import { findCircles, findCrowdedFolders, findUnused, findUpwardImports } from '../support/file-graph.ts';
import { parseSource, readSources } from '../support/source-files.ts';

const sources = readSources(['models', 'jobs', 'server', 'client-sdk', 'dev']);
const everything = [...sources, ...readSources(['tests'])];
const MAX_FILES_IN_FOLDER = 12;
/** Where programs are started by their names. */
const COMMANDS = [
  ...['package.json', 'client-sdk/package.json', 'jest.config.js', '.ci/run', 'Dockerfile', 'docker-compose.yml'],
  ...['client-sdk/desk/index.html', 'client-sdk/storefront/index.html', 'dev/entry.mjs'],
];

describe('the graph of files, type imports counted,', () => {
  test('has no circle', () => {
    expect(findCircles(everything).map((circle) => circle.join(' → '))).toEqual([]);
  });

  test('has no import of a higher floor', () => {
    expect(findUpwardImports(everything)).toEqual([]);
  });

  test('names a circle of type imports', () => {
    const files = [
      parseSource('models/a.ts', "import type { B } from './b.ts';"),
      parseSource('models/b.ts', "import { c } from './order/c.ts';"),
      parseSource('models/order/c.ts', "export type * from '../a.ts';"),
    ];
    expect(findCircles(files)).toEqual([['models/a.ts', 'models/b.ts', 'models/order/c.ts', 'models/a.ts']]);
  });

  test('names imports of higher floors', () => {
    const files = [
      parseSource('models/a.ts', "import type { Config } from '../server/config/config.ts';"),
      parseSource('models/contract/a.ts', "import { b } from '../b.ts';"),
      parseSource('jobs/a.ts', "export * from '../server/context/app-context.ts';"),
      parseSource('server/a.ts', "const seed = await import('../dev/seed/seed.ts');"),
      parseSource('dev/a.ts', "import { startTestShop } from '../tests/support/test-shop.ts';"),
      parseSource('server/b.ts', "import { c } from '../jobs/c.ts';\nimport { d } from '../models/contract/d.ts';"),
    ];
    expect(findUpwardImports(files)).toEqual([
      'models/a.ts imports server/config/config.ts',
      'models/contract/a.ts imports models/b.ts',
      'jobs/a.ts imports server/context/app-context.ts',
      'server/a.ts imports dev/seed/seed.ts',
      'dev/a.ts imports tests/support/test-shop.ts',
    ]);
  });
});

describe('a file is in use:', () => {
  test('another one imports it, or a command or another one names it', () => {
    const commands = COMMANDS.map((path) => readFileSync(path, 'utf8'));
    expect(findUnused(everything, commands)).toEqual([]);
  });

  test('one that is neither is found', () => {
    const files = [
      parseSource('models/a.ts', "import { b } from './b.ts';"),
      parseSource('models/b.ts', 'export const b = 1;'),
      parseSource('server/main.ts', "new Worker('./thread.ts');"),
      parseSource('server/thread.ts', ''),
      parseSource('dev/main.ts', ''),
    ];
    expect(findUnused(files, ['node dist/server/main.js'])).toEqual(['models/a.ts', 'dev/main.ts']);
  });
});

test(`no folder of models, jobs or server holds more than ${MAX_FILES_IN_FOLDER} files`, () => {
  const paths = sources.map(({ path }) => path).filter((path) => /^(models|jobs|server)\//.test(path));
  expect(findCrowdedFolders(paths, MAX_FILES_IN_FOLDER)).toEqual([]);
  expect(findCrowdedFolders(['a/b.ts', 'a/c.ts', 'a/d/e.ts'], 1)).toEqual(['a holds 2 files']);
});

test('there are sources to look at', () => {
  expect(sources.length).toBeGreaterThan(150);
  const edges = sources.flatMap(({ imports }) => imports);
  expect(edges.filter(({ typeOnly }) => typeOnly).length).toBeGreaterThan(50);
  expect(edges.filter(({ to }) => to === 'models/db/database.ts').length).toBeGreaterThan(10);
});

describe('in the sources,', () => {
  test.each(DEPENDENCY_RULES)('$name', ({ violations }) => {
    const found = sources.flatMap((file) => violations(file).map((violation) => `${file.path}: ${violation}`));
    expect(found).toEqual([]);
  });
});

/** The first words of a rule's name, a path, and a source that breaks the rule there. */
const EXAMPLES: readonly (readonly [rule: string, path: string, source: string])[] = [
  ['the contract', 'models/contract/a.ts', "import { ObjectId } from 'mongodb';"],
  ['the contract', 'models/contract/a.ts', "import type { Order } from '../order/order-document.ts';"],
  ['nothing of models', 'models/order/a.ts', "import { runAudit } from '../audit/audit.ts';"],
  ['no other part', 'server/a.ts', "import { createClient } from '../client-sdk/src/index.ts';"],
  [
    'the sandbox imports',
    'dev/paystack-sandbox/src/a.ts',
    "/** a */\nimport type { Clock } from '../../../server/context/app-context.ts';",
  ],
  ['the sandbox imports', 'dev/paystack-sandbox/src/a.ts', "/** a */\nimport { x } from '../../start/ports.ts';"],
  [
    'others import the sandbox',
    'dev/a.ts',
    "/** a */\nimport { cardNamed } from './paystack-sandbox/src/ledger/test-cards.ts';",
  ],
  ['the client imports', 'client-sdk/src/a.ts', "/** a */\nimport { appRouter } from '../../server/trpc/router.ts';"],
  [
    'the client imports',
    'client-sdk/src/a.ts',
    "/** a */\nimport type { Order } from '../../models/order/order-document.ts';",
  ],
  ['the apps', 'client-sdk/parts/a.ts', "/** a */\nimport { App } from '../desk/src/app.tsx';"],
  ['the apps', 'client-sdk/desk/src/a.ts', "/** a */\nimport { App } from '../../storefront/src/app.tsx';"],
  ['the environment', 'server/a.ts', '/** a */\nconst key = process.env.PAYSTACK_SECRET_KEY;'],
  ['the environment', 'dev/a.ts', '/** a */\nconst { PORT } = process.env;'],
  ['sessions', 'models/a.ts', '/** a */\nawait db.connection.startSession();'],
  ['sessions', 'jobs/a.ts', '/** a */\nawait session.withTransaction(work);'],
  ['HTTP', 'jobs/a.ts', "/** a */\nawait fetch('https://api.paystack.co');"],
  ['HTTP', 'server/a.ts', "/** a */\nimport { Client } from '@sendgrid/client';"],
  ['HTTP', 'server/a.ts', "/** a */\nconst paystack = require('paystack-api');"],
  ['the wall clock', 'models/a.ts', '/** a */\nconst now = new Date();'],
  ['the wall clock', 'jobs/a.ts', '/** a */\nconst now = Date.now();'],
  ['orders are', 'models/a.ts', '/** a */\nawait db.orders.updateOne({ _id }, change);'],
  ['orders are', 'jobs/a.ts', '/** a */\nawait ctx.db.orders.collection.findOneAndUpdate({ _id }, change);'],
  ['orders are', 'models/a.ts', '/** a */\nawait driverCollection(db.orders).updateOne({ _id }, change);'],
  ['each collection', 'models/a.ts', '/** a */\nconst cart = await db.carts.findOne({ _id });'],
  ['each collection', 'server/a.ts', '/** a */\nawait driverCollection(ctx.db.products).findOne({ slug });'],
  ['no function', 'models/a.ts', `/** a */\nfunction long() {\n${'  step();\n'.repeat(70)}}`],
  ['no file', 'models/a.ts', `/** a */\n${'// line\n'.repeat(350)}`],
  ['file names', 'server/orderHelper.ts', '/** a */'],
  ['file names', 'server/order-utils.ts', '/** a */'],
  ['file names', 'server/common/order.ts', '/** a */'],
  ['no process starts', 'server/a.ts', "/** a */\nimport { exec } from 'node:child_process';"],
  ['no text is run', 'models/a.ts', "/** a */\nconst run = new Function('order', source);"],
  ['no text is run', 'client-sdk/src/a.ts', '/** a */\neval(source);'],
  ['no page takes', 'client-sdk/storefront/src/a.ts', '/** a */\nelement.innerHTML = title;'],
  ['no digest', 'server/a.ts', "/** a */\nconst id = createHash('md5').update(email);"],
];

describe('an example that breaks the rule is caught:', () => {
  test.each(EXAMPLES)('%s … at %s', (beginning, path, source) => {
    const rules = DEPENDENCY_RULES.filter(({ name }) => name.startsWith(beginning));
    expect(rules).toHaveLength(1);
    expect(rules.flatMap(({ violations }) => violations(parseSource(path, source)))).not.toEqual([]);
  });

  test('every rule has one', () => {
    const without = DEPENDENCY_RULES.filter(({ name }) => !EXAMPLES.some(([beginning]) => name.startsWith(beginning)));
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});

test('what the rules allow is not caught', () => {
  const innocent = [
    ['models/contract/a.ts', "import { z } from 'zod';\nimport { MAX_PRICE } from './limits.ts';"],
    ['client-sdk/src/a.ts', "import { formatMoney } from '../../models/contract/money.ts';"],
    [
      'jobs/a.ts',
      "/** a */\nimport type { Order } from '../models/order/order-document.ts';\nawait driverCollection(db.orders).find({});",
    ],
    ['models/a.ts', '/** a */\nconst product = await db.products.findOne({ slug });'],
    ['server/a.ts', "/** a */\nconst at = new Date(0);\nconst later = clock.now();\nawait cache.get('fetch');"],
    [
      'client-sdk/src/a.ts',
      "/** a */\nimport { type AppRouter } from '../../server/trpc/router.ts';\nawait fetch(url);",
    ],
  ] as const;
  for (const [path, source] of innocent) {
    const file = parseSource(path, source);
    expect(DEPENDENCY_RULES.flatMap(({ violations }) => violations(file))).toEqual([]);
  }
});
