/** The log prints only listed fields, and nothing that errors quote. */
import { describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { z } from 'zod';
import { AppError } from '../../models/errors.ts';
import { createLogger } from '../../server/observability/logger.ts';

function captured(level = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLogger({ level, pretty: false }, { write: (line) => lines.push(line) }) };
}

test('fields that are not listed are dropped, also from child loggers', () => {
  const { log, lines } = captured();
  log
    .child({ requestId: 'r1', email: 'canary@example.com' })
    .info(
      { orderId: 'o1', headers: { authorization: 'canary' }, body: 'canary', contactSnapshot: { name: 'canary' } },
      'order placed',
    );
  expect(lines.join('')).not.toContain('canary');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    requestId: 'r1',
    orderId: 'o1',
    msg: 'order placed',
    level: 'info',
  });
});

describe('an error is logged by type, code and frames', () => {
  const duplicate = new mongoose.mongo.MongoServerError({
    message: 'E11000 duplicate key error dup key: { email: "canary@example.com" }',
    code: 11_000,
    codeName: 'DuplicateKey',
  });
  const invalid = z.strictObject({ canary: z.int() }).safeParse({ canary: 'canary' }).error;

  test.each<[string, unknown]>([
    ["the driver's", duplicate],
    ["zod's", invalid],
    ['one with an address in its message', new Error('cannot write to canary@example.com')],
    ['one with a key in its message', new Error('bad key sk_live_canary0123')],
    ['one with a connection string', new Error('no server at mongodb://user:canary@db/shop')],
    ['a value that is no error', { canary: 'canary' }],
    ['one with such a cause', new AppError('INTERNAL', 'failed', { cause: duplicate, internal: { email: 'canary' } })],
  ])('without what %s quotes', (_, error) => {
    const { log, lines } = captured();
    log.error({ err: error }, 'failed');
    expect(lines).toHaveLength(1);
    expect(lines.join('').replaceAll('logger.test.ts', '')).not.toMatch(/canary/i);
  });

  test('with what finds the place', () => {
    const { log, lines } = captured();
    log.error({ err: duplicate }, 'failed');
    expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
      type: 'MongoServerError',
      code: 11_000,
      codeName: 'DuplicateKey',
    });
    expect(JSON.parse(lines[0] ?? '').err.stack).toMatch(/at .*logger\.test\.ts/);
  });
});
