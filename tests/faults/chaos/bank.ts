/** Banks in a chaos run: cardholders dispute charges, banks decide, transfers come in wrong amounts, payouts are made. */
import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../../../dev/history/seeded-random.ts';
import type { PaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';

/** On the run's fast clock: 6 to 30 seconds of real time, so that some pass unanswered within the run. */
const ANSWER_WITHIN_SECONDS = { least: 60, most: 300 };

/** Cardholders open disputes of charges that were captured. */
export function dispute(sandbox: PaystackSandbox, reference: string, random: SeededRandom): void {
  const seconds = random.integer(ANSWER_WITHIN_SECONDS.least, ANSWER_WITHIN_SECONDS.most);
  const dueAt = new Date(sandbox.time().getTime() + seconds * 1000);
  const { amount, paidAt } = sandbox.transaction(reference);
  if (paidAt === null) return;
  const part = random.chance(0.3) ? { amount: random.integer(1, amount) } : {};
  sandbox.openDispute(reference, { dueAt, category: random.pick(['chargeback', 'fraud']), ...part });
}

export async function actAsBank(
  { sandbox, isOver }: { sandbox: PaystackSandbox; isOver(): boolean },
  random: SeededRandom,
): Promise<void> {
  while (!isOver()) {
    for (const { id, status, resolution } of sandbox.ledger().disputes) {
      if (status === 'awaiting-bank-feedback' && random.chance(0.3))
        sandbox.resolveDispute(id, random.chance(0.5) ? 'declined' : 'merchant-accepted');
      else if (status === 'awaiting-merchant-feedback' && random.chance(0.1)) sandbox.remindDispute(id);
      else if (status === 'resolved' && resolution === 'declined' && random.chance(0.02)) sandbox.reopenDispute(id);
    }
    if (random.chance(0.2)) sandbox.settle();
    await delay(random.integer(300, 1_000));
  }
}

/** Pays by a bank transfer, at first of a wrong amount or not; Paystack sends that back. */
export function payByTransfer(sandbox: PaystackSandbox, reference: string, random: SeededRandom): void {
  sandbox.beginPayment(reference, 'bank_transfer');
  if (random.chance(0.4))
    sandbox.completePayment(reference, { amount: sandbox.transaction(reference).requestedAmount - 100 });
  sandbox.completePayment(reference);
}

/** The cluster is at rest only after the open disputes are resolved, because disputed charges are not refunded. */
export function endDisputes(sandbox: PaystackSandbox, random: SeededRandom): void {
  for (const { id, status } of sandbox.ledger().disputes)
    if (status !== 'resolved') sandbox.resolveDispute(id, random.chance(0.5) ? 'declined' : 'merchant-accepted');
}
