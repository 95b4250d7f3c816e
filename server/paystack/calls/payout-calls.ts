/** The calls of PaystackService about payouts, which Paystack calls settlements. */
import type { PaystackPort } from '../../../jobs/ports.ts';
import { namedRowSchema, payoutChargeSchema, payoutSchema } from '../payout-reports.ts';
import { readData } from '../reply.ts';
import { nextPageOf, rowsSchema, totalOf } from '../schemas.ts';
import { type BoundedCall, getRequest } from './bounded-call.ts';
import { assertGatewayId, PER_PAGE, type Runner } from './runner.ts';

export function payoutCalls(
  call: BoundedCall,
  { run, repeatable }: Runner,
): Pick<PaystackPort, 'listPayouts' | 'listPayoutCharges'> {
  return {
    listPayouts: ({ page }) =>
      run('listPayouts', async (deadlineMs) => {
        const request = getRequest(['settlement'], { perPage: PER_PAGE, page });
        const envelope = await repeatable((ms) => call(request, ms), deadlineMs);
        const rows = readData(envelope, rowsSchema);
        const read = rows.map((row) => ({ row, payout: payoutSchema.safeParse(row).data }));
        return {
          payouts: read.flatMap(({ payout }) => payout ?? []),
          unreadable: read.flatMap(({ row, payout }) => (payout === undefined ? (idOf(row) ?? []) : [])),
          nextPage: nextPageOf(envelope.meta, page, rows.length),
        };
      }),

    listPayoutCharges: ({ payoutId, page }) =>
      run('listPayoutCharges', async (deadlineMs) => {
        assertGatewayId(payoutId);
        const request = getRequest(['settlement', payoutId, 'transactions'], { perPage: PER_PAGE, page });
        const envelope = await repeatable((ms) => call(request, ms), deadlineMs);
        const rows = readData(envelope, rowsSchema);
        const charges = rows.flatMap((row) => payoutChargeSchema.safeParse(row).data ?? []);
        return { charges, total: totalOf(envelope.meta), nextPage: nextPageOf(envelope.meta, page, rows.length) };
      }),
  };
}

function idOf(row: unknown): string | null {
  return namedRowSchema.safeParse(row).data?.id ?? null;
}
