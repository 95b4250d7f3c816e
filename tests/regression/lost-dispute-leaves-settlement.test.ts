/**
 * A dispute lost while a paid order waited for settlement left the order in the queue: every batch that met it failed,
 * until it was parked with an error that said nothing of the dispute.
 */
import { expect, test } from '@jest/globals';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import { getOrder } from '../../models/order/find-order.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase, settleAll } from '../support/orders.ts';

test('an order whose charge was lost in a dispute before it settled waits for a person, and holds nobody up', async () => {
  const db = await openOwnDatabase();
  try {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const lines = [{ variant, quantity: 1 }];
    const disputed = await makePaidOrder(db, { lines });
    const other = await makePaidOrder(db, { lines });
    const dispute = { disputeId: 'd1', reference: disputed.txRef, state: 'lost', dueAt: null } as const;
    await recordDispute(db, disputed._id, dispute, new Date());

    expect(await settleAll(db)).toEqual({ confirmed: 1, cancelled: 0, parked: 0, ended: 'drained' });
    expect(await getOrder(db, other._id)).toMatchObject({ status: 'confirmed' });
    const waiting = await getOrder(db, disputed._id);
    expect(waiting).toMatchObject({ status: 'pending', paymentStatus: 'review', settlement: { attempts: 0 } });
    expect(waiting.settlement.queuedAt).toBeUndefined();
    expect(waiting.reviewSince).toBeDefined();
  } finally {
    await db.connection.close();
  }
});
