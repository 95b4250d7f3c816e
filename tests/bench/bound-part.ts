/** Compares an order's time and statements with the limits of this mongod, from the results of earlier parts. */
import { availableParallelism } from 'node:os';
import type { Bench, Findings } from './bench.ts';
import { formatNumber } from './report.ts';

/** Reports nothing if one of the earlier parts did not run. */
export function reportBound({ report, findings }: Bench): void {
  const { ours, statementsPerOrder, increments, transactionsPerSecond } = findings;
  if (!ours || !increments || statementsPerOrder === undefined || transactionsPerSecond === undefined) return;
  const microsAnOrder = 1e6 / ours.ordersPerSecond;
  const microsAStatement = 1e6 / increments.perSecond;
  const least = statementsPerOrder * microsAStatement;
  const row = (name: string, ...values: (number | null)[]) => [name, ...values.map(formatNumber)];
  report.table({
    title: 'What bounds settling',
    columns: ['', 'µs', 'client CPU, µs', 'mongod CPU, µs'],
    rows: [
      row('an order of ours, mixed', microsAnOrder, ours.clientMicros, ours.serverMicros),
      row('its share of one statement', microsAnOrder / statementsPerOrder, ...perStatement(ours, statementsPerOrder)),
      row('a bulk $inc in a transaction', microsAStatement, increments.clientMicros, increments.serverMicros),
      row('as many of them as an order has statements', least, ...times(increments, statementsPerOrder)),
    ],
    notes: [
      `An order takes ${formatNumber(statementsPerOrder)} statements. ${sentenceOf(findings, microsAnOrder)}`,
      `Were each as cheap as a bulk $inc, this mongod would settle ${formatNumber(1e6 / least)} orders/s: ours reaches ${formatNumber((100 * least) / microsAnOrder)} % of that limit. With a transaction an order it could not pass ${formatNumber(transactionsPerSecond)}/s, one after the other.`,
    ],
  });
}

type Cpu = { clientMicros: number; serverMicros: number | null };

const times = ({ clientMicros, serverMicros }: Cpu, factor: number) => [
  clientMicros * factor,
  serverMicros === null ? null : serverMicros * factor,
];
const perStatement = (cpu: Cpu, statements: number) => times(cpu, 1 / statements);

/** The worker and mongod work in turns, so their shares of an order's time add up to at most 100 %. */
function sentenceOf({ ours }: Findings, microsAnOrder: number): string {
  if (!ours || ours.serverMicros === null) return 'The processor time of mongod could not be measured here.';
  const { clientMicros, serverMicros } = ours;
  const share = (micros: number) => `${formatNumber((100 * micros) / microsAnOrder)} %`;
  const busy = `mongod computes for ${share(serverMicros)} of the time and the worker for ${share(clientMicros)}, of ${availableParallelism()} cores`;
  if (serverMicros + clientMicros < microsAnOrder / 2)
    return `It is bound by waiting, for the journal and for round trips: ${busy}.`;
  return serverMicros >= clientMicros ? `It is bound by mongod: ${busy}.` : `It is bound by the worker: ${busy}.`;
}
