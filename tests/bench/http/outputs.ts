/** The cost of validating a procedure's output, as a share of the whole call. */
import { z } from 'zod';
import { appRouter } from '../../../server/trpc/router.ts';
import { median } from '../contest.ts';
import { formatNumber, type Report } from '../report.ts';
import { createCaller } from './caller.ts';
import type { Side } from './side.ts';

const ROUNDS = 3;
const WARM_UP_PARSES = 5_000;
const PARSES = 5_000;
/** Above this share of a call, output validation would cost more than it is worth. */
const MOST_SHARE = 0.1;

const PROCEDURES = { 'catalog.products': appRouter.catalog.products, 'orders.get': appRouter.orders.get };

/** `callMs` is the processor time per call, by the names in the table of procedures. */
export async function measureOutputs(report: Report, ours: Side, callMs: ReadonlyMap<string, number>): Promise<void> {
  const caller = createCaller(ours.url);
  const { order, shopper } = ours.placed();
  try {
    const page = await caller.query('catalog.products', { limit: 20 });
    const view = await caller.query('orders.get', { id: String(order._id) }, shopper.token);
    const measured = [
      { name: 'catalogue page', parseMs: timeParse('catalog.products', page) },
      { name: 'orders.get', parseMs: timeParse('orders.get', view) },
    ];
    report.table({
      title: 'Checking outputs against their schemas, µs of processor time a call',
      columns: ['', 'the whole call', 'without the check', 'the check', 'its share, %'],
      rows: measured.map(({ name, parseMs }) => {
        const whole = callMs.get(name) ?? Number.NaN;
        return [name, whole, whole - parseMs, parseMs, parseMs / whole].map((value, column) =>
          typeof value === 'string' ? value : formatNumber(value * (column === 4 ? 100 : 1_000)),
        );
      }),
      notes: [
        `The call is the shop's process at saturation, HTTP included; the check is timed by itself, on an answer of that shop. It may cost ${MOST_SHARE * 100} % at most.`,
      ],
    });
  } finally {
    caller.close();
  }
}

/** Milliseconds per parse. */
function timeParse(name: keyof typeof PROCEDURES, answer: unknown): number {
  const parse = outputParserOf(name);
  for (let n = 0; n < WARM_UP_PARSES; n += 1) parse(answer);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    for (let n = 0; n < PARSES; n += 1) parse(answer);
    return (performance.now() - startedAt) / PARSES;
  });
  return median(rounds);
}

/** tRPC keeps the output schema in `_def`, but its types do not declare it. */
function outputParserOf(name: keyof typeof PROCEDURES): (value: unknown) => unknown {
  const output: unknown = Reflect.get(PROCEDURES[name]._def, 'output');
  if (!(output instanceof z.ZodType)) throw new Error(`${name} checks no output.`);
  return (value) => output.parse(value);
}
