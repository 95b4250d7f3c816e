import type { Switches } from '../switches.ts';
import { lostAmount } from './disputes.ts';
import type { KnownStatus, Records, TransactionRecord } from './records.ts';

/** The status of a captured charge that its refunds and disputes lead to. */
export function statusAfterReturn(records: Records, transaction: TransactionRecord, switches: Switches): KnownStatus {
  const lost = lostAmount(records, transaction);
  if (lost > 0 && switches.statusAfterDispute === 'reversed') return 'reversed';
  const refunds = records.refunds
    .filter(({ transactionId, disputeId }) => transactionId === transaction.id && disputeId === null)
    .filter(({ status }) => status !== 'failed');
  if (refunds.length === 0 || switches.statusAfterRefund === 'never') return 'success';
  const processed = refunds.filter(({ status }) => status === 'processed');
  const sum = processed.reduce((total, { amount }) => total + amount, 0);
  if (switches.statusAfterRefund === 'only-when-full') return sum >= transaction.amount ? 'reversed' : 'success';
  return processed.length === refunds.length ? 'reversed' : 'reversal-pending';
}
