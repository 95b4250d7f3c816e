/** The calls of PaystackService that list what happened on the account since some time, whatever order it belongs to. */
import type { Logger } from 'pino';
import type { PaystackPort } from '../../../jobs/ports.ts';
import { namedRowSchema } from '../payout-reports.ts';
import { type Envelope, readData } from '../reply.ts';
import { chargeSchema, disputeSchema, refundedByRowSchema, refundSchema } from '../reports.ts';
import { nextPageOf, rowsSchema } from '../schemas.ts';
import type { PaystackTransport } from '../transport.ts';
import { getRequest } from './bounded-call.ts';
import { PER_PAGE, type Runner } from './runner.ts';

interface Period {
  from: Date;
  to: Date;
  page: number;
}

const queryOf = ({ from, to, page }: Period) => ({
  from: from.toISOString(),
  to: to.toISOString(),
  perPage: PER_PAGE,
  page,
});

/**
 * Other systems may use the same account, so a row that cannot be read hides no other. It is named in `unreadable` by what
 * is readable of it; one without a name is logged.
 */
export function listCalls(
  { listTransactions, call }: PaystackTransport,
  { run, repeatable }: Runner,
  log: Logger,
): Pick<PaystackPort, 'listCharges' | 'listRefundsPage' | 'listDisputesPage'> {
  const split = <Row>(envelope: Envelope, page: number, read: (row: unknown) => Row | undefined, nameOf: NameOf) => {
    const rows = readData(envelope, rowsSchema);
    const parsed = rows.map((row) => ({ row, value: read(row) }));
    const odd = parsed.filter(({ value }) => value === undefined).map(({ row }) => nameOf(row));
    const unreadable = odd.filter((name) => name !== null);
    if (odd.length > 0)
      log.error(
        { page, unreadableCount: odd.length, namelessCount: odd.length - unreadable.length },
        'paystack: unreadable rows',
      );
    const readable = parsed.flatMap(({ value }) => value ?? []);
    return { readable, unreadable, nextPage: nextPageOf(envelope.meta, page, rows.length) };
  };

  return {
    listCharges: ({ status, ...period }) =>
      run('listCharges', async (deadlineMs) => {
        const query = { ...queryOf(period), ...(status === 'any' ? {} : { status }) };
        const envelope = await repeatable((ms) => listTransactions(query, ms), deadlineMs);
        const { readable, ...page } = split(
          envelope,
          period.page,
          (row) => chargeSchema.safeParse(row).data,
          referenceOf,
        );
        return { charges: readable, ...page };
      }),

    listRefundsPage: (period) =>
      run('listRefundsPage', async (deadlineMs) => {
        const envelope = await repeatable((ms) => call(getRequest(['refund'], queryOf(period)), ms), deadlineMs);
        const read = (row: unknown) => {
          const refund = refundSchema.safeParse(row).data;
          return refund && { ...refund, ...refundedByRowSchema.parse(row) };
        };
        const { readable, ...page } = split(envelope, period.page, read, chargeOfRefund);
        return { refunds: readable, ...page };
      }),

    listDisputesPage: (period) =>
      run('listDisputesPage', async (deadlineMs) => {
        const envelope = await repeatable((ms) => call(getRequest(['dispute'], queryOf(period)), ms), deadlineMs);
        const { readable, ...page } = split(envelope, period.page, (row) => disputeSchema.safeParse(row).data, idOf);
        return { disputes: readable, ...page };
      }),
  };
}

type NameOf = (row: unknown) => string | null;

const referenceOf: NameOf = (row) => namedRowSchema.safeParse(row).data?.reference ?? null;

const idOf: NameOf = (row) => namedRowSchema.safeParse(row).data?.id ?? null;

/** The charge's reference, or its transaction id. */
const chargeOfRefund: NameOf = (row) => {
  const { reference, gatewayId } = refundedByRowSchema.safeParse(row).data ?? {};
  return reference ?? gatewayId ?? null;
};
