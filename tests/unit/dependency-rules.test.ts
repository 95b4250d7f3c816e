/**
 * The rules of the house hold for every source: import directions, one home each, and how files look. Each rule is also
 * shown to catch a planted violation, because a rule that finds nothing may look at nothing.
 */
import { describe, expect, test } from '@jest/globals';
import { DEPENDENCY_RULES } from '../support/dependency-rules.ts';
import { parseSource, readSources } from '../support/source-files.ts';

const sources = readSources(['models', 'jobs', 'server', 'client-sdk', 'dev']);

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

/** The first words of a rule's name, a path, and a source that breaks it there. */
const PLANTED: readonly (readonly [rule: string, path: string, source: string])[] = [
  ['the contract', 'models/contract/a.ts', "/** a */\nimport { sum } from '../money.ts';"],
  ['the contract', 'models/contract/a.ts', "/** a */\nimport type { Types } from 'mongoose';"],
  ['models import', 'models/a.ts', "/** a */\nimport type { Config } from '../server/config.ts';"],
  ['models import', 'models/a.ts', "/** a */\nimport { x } from '../jobs/sweep.ts';"],
  ['jobs import', 'jobs/a.ts', "/** a */\nimport { type A, b } from '../server/context.ts';"],
  ['jobs import', 'jobs/a.ts', "/** a */\nimport type { A } from '../server/context.ts';"],
  ['jobs import', 'jobs/a.ts', "/** a */\nexport * from '../server/context.ts';"],
  ['the server imports', 'server/a.ts', "/** a */\nconst seed = await import('../dev/seed/seed.ts');"],
  [
    'the server imports',
    'server/trpc/routers/a.ts',
    "/** a */\nimport type { Mailbox } from '../../../dev/mailbox/mailbox.ts';",
  ],
  ['what stands in', 'dev/a.ts', "/** a */\nimport { openShop } from '../tests/support/shopping.ts';"],
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
  ['no function', 'models/a.ts', `/** a */\nfunction long() {\n${'  step();\n'.repeat(70)}}`],
  ['no file', 'models/a.ts', `/** a */\n${'// line\n'.repeat(350)}`],
  ['file names', 'server/orderHelper.ts', '/** a */'],
  ['file names', 'server/order-utils.ts', '/** a */'],
  ['file names', 'server/common/order.ts', '/** a */'],
];

describe('a planted violation is caught:', () => {
  test.each(PLANTED)('%s … at %s', (beginning, path, source) => {
    const rules = DEPENDENCY_RULES.filter(({ name }) => name.startsWith(beginning));
    expect(rules).toHaveLength(1);
    expect(rules.flatMap(({ violations }) => violations(parseSource(path, source)))).not.toEqual([]);
  });

  test('every rule has one', () => {
    const unplanted = DEPENDENCY_RULES.filter(({ name }) => !PLANTED.some(([beginning]) => name.startsWith(beginning)));
    expect(unplanted.map(({ name }) => name)).toEqual([]);
  });
});

test('what the rules allow is not caught', () => {
  const innocent = [
    ['models/contract/a.ts', "import { z } from 'zod';\nimport { MAX_PRICE } from './limits.ts';"],
    ['client-sdk/src/a.ts', "import { formatMoney } from '../../models/contract/money.ts';"],
    [
      'jobs/a.ts',
      "/** a */\nimport type { Order } from '../models/order/order-document.ts';\nawait db.orders.find({});",
    ],
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
