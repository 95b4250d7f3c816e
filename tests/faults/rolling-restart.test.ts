/** A rolling release under load (P5). The figures are printed for the operator's notes. */
import { expect, test } from '@jest/globals';
import { type ClusterShop, expectNothingLost, openClusterShop } from '../support/cluster-shop.ts';
import { noteFigure } from '../support/figures.ts';
import { type LoadResult, shopUntil } from '../support/load.ts';

async function roll(shop: ClusterShop): Promise<number[]> {
  const stops: number[] = [];
  for (const role of shop.roles()) {
    await shop.replace(role);
    expect([role.name, await role.exited]).toEqual([role.name, 0]);
    stops.push((await role.stopMs) ?? Number.NaN);
  }
  return stops;
}

test('replacing every process under load loses no request and no job, and each exits within 30 s', async () => {
  const shop = await openClusterShop({ members: 1, webs: 2, workers: 2 });
  try {
    let over = false;
    const load: Promise<LoadResult> = shopUntil(() => over, { ...shop, onFailure: 'count' });
    const stops = await roll(shop).finally(() => {
      over = true;
    });
    const result = await load;
    expect(result.failures).toEqual([]);
    expect(result.paid.length).toBeGreaterThan(10);
    expect(Math.max(...stops)).toBeLessThan(30_000);
    await expectNothingLost(shop, result);
    const locked = await shop.db.connection.collection('agendaJobs').countDocuments({
      lockedAt: { $ne: null, $lt: new Date(Date.now() - 30_000) },
    });
    expect(locked).toBe(0);
    noteFigure('rolling restart', {
      calls: result.calls,
      'calls lost': result.failures.length,
      orders: result.orders.length,
      'orders lost': 0,
      'seconds to stop, at most': Math.max(...stops) / 1000,
      'slowest call, seconds': result.slowestMs / 1000,
    });
  } finally {
    await shop.stop();
  }
}, 180_000);
