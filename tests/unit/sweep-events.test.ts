import { expect, test } from '@jest/globals';
import { createEvents } from '../../server/observability/events.ts';
import { createLogger } from '../../server/observability/logger.ts';

test('the sweep warns of work that others left undone, and not of work that it is the clock of', () => {
  const lines: { level: number | string; kind: string }[] = [];
  const log = createLogger({ level: 'debug', pretty: false }, { write: (line) => lines.push(JSON.parse(line)) });
  const events = createEvents(log);
  for (const kind of ['verify', 'disputes', 'refunds', 'emails', 'settlement', 'webhooks', 'search'])
    events.sweepFound({ kind, count: 2 });
  events.sweepFound({ kind: 'webhooks', count: 0 });
  const warned = lines.filter(({ level }) => level === 'warn' || level === 40).map(({ kind }) => kind);
  expect(warned).toEqual(['settlement', 'webhooks', 'search']);
  expect(lines).toHaveLength(7);
});
