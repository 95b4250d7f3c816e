/** Money that goes back without the shop: disputes, and the word by which Paystack calls a charge reversed. */
import fc from 'fast-check';
import type { LedgerTransaction } from '../../dev/paystack-sandbox/src/index.ts';
import { anytime, pick, which } from './model-step.ts';

const LOST = 'merchant-accepted';

/** The sum that banks took of a charge. */
export function lostOf({ amount: captured, disputes }: Pick<LedgerTransaction, 'amount' | 'disputes'>): number {
  return disputes
    .filter(({ resolution }) => resolution === LOST)
    .reduce((sum, { amount }) => sum + (amount ?? captured), 0);
}

/** The customer opens a dispute, or the bank resolves one, which is opened first if there is none. */
export const dispute = fc
  .record({
    n: which,
    what: fc.constantFrom('open' as const, 'declined' as const, LOST as typeof LOST),
    isWhole: fc.boolean(),
  })
  .map(({ n, what, isWhole }) =>
    anytime(`dispute(${n}, ${what}${isWhole ? '' : ' of a part'})`, async (_, { sandbox }) => {
      const { charges, disputes } = sandbox.ledger();
      const disputable = charges.filter((charge) => !charge.disputes.some(({ resolution }) => resolution === LOST));
      const open = disputes.filter(({ status }) => status !== 'resolved');
      if (disputable.length === 0) return;
      const { id, reference } =
        what === 'open' || open.length === 0 ? sandbox.openDispute(pick(disputable, n).reference) : pick(open, n);
      const amount = Math.ceil(sandbox.transaction(reference).amount / 3);
      if (what !== 'open') sandbox.resolveDispute(id, what, isWhole ? {} : { amount });
      await sandbox.webhooksIdle();
    }),
  );

/** Paystack calls a charge reversed, whatever has gone back of it. */
export const reversed = fc
  .record({ n: which, word: fc.constantFrom('reversed', 'reversal-pending', 'Reversal Pending') })
  .map(({ n, word }) =>
    anytime(`reversed(${n}, ${word})`, async (_, { sandbox }) => {
      const { charges } = sandbox.ledger();
      if (charges.length === 0) return;
      const { reference } = pick(charges, n);
      sandbox.setStatus(reference, word);
      await sandbox.sendWebhook({ event: 'charge.success', reference });
    }),
  );
