/** The real pino logger, writing to memory so that a test can read its lines. */
import { inspect } from 'node:util';
import { type Logger, pino } from 'pino';

export interface CapturedLog {
  log: Logger;
  lines: string[];
}

export function captureLog(): CapturedLog {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  return { log, lines };
}

/** Every text that printing, logging or serialising a thrown value could reveal. */
export function allThatCanBeSeenOf(thrown: unknown): string {
  const { log, lines } = captureLog();
  log.error({ err: thrown }, 'thrown');
  const parts = [JSON.stringify(thrown), inspect(thrown, { depth: 10, showHidden: true }), String(thrown), ...lines];
  if (thrown instanceof Error) parts.push(thrown.stack ?? '', inspect(thrown.cause, { depth: 10 }));
  return parts.join('\n');
}
