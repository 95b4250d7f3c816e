/** The times of calls that are made one after another. */
import { formatNumber, type Report } from './report.ts';

export interface TimedCall<Sample> {
  name: string;
  /** Resolves to the number of rows on the page. */
  call(sample: Sample): Promise<number>;
}

export interface CallTimes {
  name: string;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  most: number;
  /** The mean number of rows. */
  rows: number;
}

/** `calls` of each kind, which take the samples in turn. */
export async function timeCalls<Sample>(
  kinds: readonly TimedCall<Sample>[],
  samples: readonly Sample[],
  { calls, progress }: { calls: number; progress: (line: string) => void },
): Promise<CallTimes[]> {
  const all: CallTimes[] = [];
  for (const { name, call } of kinds) {
    const times: number[] = [];
    let rows = 0;
    for (let n = 0; n < calls; n += 1) {
      const sample = samples[n % samples.length];
      if (sample === undefined) throw new Error(`There is nothing to call ${name} with.`);
      const startedAt = performance.now();
      rows += (await call(sample)) / calls;
      times.push(performance.now() - startedAt);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
    all.push({ name, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1), rows });
    progress(`${name}: ${formatNumber(at(0.95))} ms`);
  }
  return all;
}

export function reportCallTimes(report: Report, title: string, times: readonly CallTimes[], notes: string[]): void {
  report.table({
    title,
    columns: ['', 'p50, ms', 'p95, ms', 'p99, ms', 'slowest, ms', 'rows of the first page'],
    rows: times.map(({ name, p50, p95, p99, most, rows }) => [name, ...[p50, p95, p99, most, rows].map(formatNumber)]),
    notes,
  });
}
