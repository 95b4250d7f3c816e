import { parseArgs } from 'node:util';
import type { Clock, PaystackPort } from '../../jobs/ports.ts';
import { type AuditReport, DEFAULT_GRACE_MS, isClean, runAudit } from '../../models/audit/audit.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { type PayoutReportOfShop, readPayoutReport } from '../../models/payout/payout-report.ts';
import { type Config, ConfigError, type Environment } from '../config/config.ts';
import { auditPaystack } from './audit-paystack.ts';
import { renderAudit } from './audit-table.ts';
import { toCommandConfig } from './command-config.ts';
import { renderPayouts } from './payouts-table.ts';

export const EXIT = { clean: 0, violations: 1, trouble: 2 } as const;

const USAGE = `usage: npm run audit -- [--since DATE] [--grace SECONDS] [--paystack] [--payouts] [--json]
  --since DATE     only orders made since then, like 2026-01-31 or 2026-01-31T12:00:00Z
  --grace SECONDS  how young work may be unfinished; ${DEFAULT_GRACE_MS / 1000} unless given
  --paystack       compare with Paystack's list too; needs PAYSTACK_SECRET_KEY
  --payouts        report on Paystack's payouts too; differences in it are no violations
  --json           print the report as JSON`;

/** A sum over one variant's whole ledger may take longer than the time-out of a request. */
const SOCKET_TIMEOUT_MS = 10 * 60_000;

export interface AuditCommand {
  args: readonly string[];
  env: Environment;
  clock: Clock;
  /** Prints to standard output. */
  print: (text: string) => void;
  /** Prints to standard error. */
  complain: (text: string) => void;
  connectPaystack: (config: Config) => PaystackPort;
}

/** Returns the exit code: 0 without a violation, 1 with any, 2 when the audit could not be done. Never throws. */
export async function auditCommand(command: AuditCommand): Promise<number> {
  try {
    const options = parseOptions(command.args);
    const needed = ['MONGODB_URI', ...(options.paystack ? ['PAYSTACK_SECRET_KEY' as const] : [])] as const;
    const config = toCommandConfig(command.env, needed);
    const db = await openDatabase(config.mongodbUri, { appName: 'orders-audit', socketTimeoutMs: SOCKET_TIMEOUT_MS });
    try {
      const report = await audit(db, config, options, command);
      const payouts = options.payouts ? await readPayoutReport(db) : null;
      command.print(options.json ? toJson(report, payouts) : toText(report, payouts));
      return report.clean ? EXIT.clean : EXIT.violations;
    } finally {
      await db.connection.close();
    }
  } catch (error) {
    command.complain(describeTrouble(error));
    return EXIT.trouble;
  }
}

function toJson(report: AuditReport, payouts: PayoutReportOfShop | null): string {
  return JSON.stringify({ ...report, ...(payouts === null ? {} : { payouts }) }, null, 2);
}

function toText(report: AuditReport, payouts: PayoutReportOfShop | null): string {
  return payouts === null ? renderAudit(report) : `${renderAudit(report)}\n\n${renderPayouts(payouts)}`;
}

class UsageError extends Error {}

interface Options {
  json: boolean;
  paystack: boolean;
  payouts: boolean;
  since: Date | null;
  graceMs: number;
}

function parseOptions(args: readonly string[]): Options {
  const values = parseValues(args);
  const since = values.since === undefined ? null : new Date(values.since);
  if (since !== null && Number.isNaN(since.getTime())) throw new UsageError(`--since ${values.since} is not a date.`);
  if (!/^\d{1,7}$/.test(values.grace)) throw new UsageError(`--grace ${values.grace} is not a number of seconds.`);
  const { json, paystack, payouts } = values;
  return { json, paystack, payouts, since, graceMs: Number(values.grace) * 1000 };
}

/** Throws UsageError with parseArgs' own message. */
function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        paystack: { type: 'boolean', default: false },
        payouts: { type: 'boolean', default: false },
        since: { type: 'string' },
        grace: { type: 'string', default: String(DEFAULT_GRACE_MS / 1000) },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function audit(
  db: Database,
  config: Config,
  { paystack, since, graceMs }: Options,
  { clock, connectPaystack }: AuditCommand,
): Promise<AuditReport> {
  const now = clock.now();
  const report = await runAudit(db, {
    now,
    graceMs,
    ...(since === null ? {} : { since }),
    ...(paystack ? { domain: config.paystackDomain } : {}),
  });
  if (!paystack) return report;
  const checks = [...report.checks, ...(await auditPaystack(db, connectPaystack(config), { now, graceMs, since }))];
  return { ...report, checks, clean: isClean(checks) };
}

/** Safe to print: our errors contain no secret, the driver's no password. */
function describeTrouble(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof UsageError ? `${message}\n${USAGE}` : `The audit could not be done: ${message}`;
}
