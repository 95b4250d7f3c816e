import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order } from '../order/order-document.ts';
import { findOrderByReference } from '../order/queries/find-order.ts';
import type { ChargeOutcome } from './charge-outcome.ts';
import { evaluateCharge, type ReportedCharge } from './evaluate-charge.ts';

export interface ChargeResult {
  outcome: ChargeOutcome;
  order: Order | null;
}

/** Records a report on a charge in one atomic update. May be repeated, raced and called in any order: N times is once. */
export async function recordCharge(db: Database, reported: ReportedCharge): Promise<ChargeResult> {
  const { report, now } = reported;
  const known = await findOrderByReference(db, report.reference);
  if (!known) return { outcome: 'unknown_reference', order: null };
  let outcome: ChargeOutcome = 'unchanged';
  const { order } = await changeOrder(
    db,
    known._id,
    (order) => {
      const evaluation = evaluateCharge(order, reported);
      outcome = evaluation.outcome;
      return evaluation.change;
    },
    now,
    known,
  );
  return { outcome, order };
}
