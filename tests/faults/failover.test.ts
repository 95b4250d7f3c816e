/** The primary of the replica set is killed under load (D6, I10). The figures are printed for the operator's notes. */
import { expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { EmbeddedMember } from '../../dev/mongod/embedded-mongo.ts';
import { type ClusterShop, expectNothingLost, openClusterShop } from '../support/cluster-shop.ts';
import { eventually } from '../support/eventually.ts';
import { noteFigure } from '../support/figures.ts';
import { shopUntil } from '../support/load.ts';

async function isPrimary({ port }: EmbeddedMember): Promise<boolean> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    return hello.isWritablePrimary === true;
  } finally {
    await client.close();
  }
}

async function findPrimary({ mongo }: ClusterShop): Promise<EmbeddedMember> {
  for (const member of mongo.members) if (await isPrimary(member)) return member;
  throw new Error('the set has no primary');
}

test('killing the primary under load loses no acknowledged order, and checkouts succeed again within 30 s', async () => {
  const shop = await openClusterShop({ members: 3, webs: 2, workers: 1 });
  try {
    let over = false;
    const checkouts: number[] = [];
    const onCheckout = () => checkouts.push(performance.now());
    const load = shopUntil(() => over, { ...shop, onFailure: 'retry', onCheckout });
    await eventually('people to shop', () => checkouts.length >= 10, 60_000);
    const primary = await findPrimary(shop);
    const killedAt = performance.now();
    await primary.kill('SIGKILL');
    const healedAt = await eventually(
      'a checkout to succeed again',
      () => checkouts.find((at) => at > killedAt + 500),
      60_000,
    );
    await eventually('people to go on', () => checkouts.filter((at) => at > healedAt).length >= 5, 60_000);
    await primary.restart();
    over = true;
    const result = await load;
    const healMs = healedAt - killedAt;
    expect(healMs).toBeLessThan(30_000);
    expect(result.failures.filter((failure) => !/: 50[23] |TimeoutError|ECONN/.test(failure))).toEqual([]);
    // If the mark of a sent email was lost with the primary, a copy with the same key is sent.
    await expectNothingLost(shop, result, { copies: 'allowed' });
    noteFigure('primary killed', {
      'seconds to heal': healMs / 1000,
      calls: result.calls,
      'calls that had to be repeated': result.failures.length,
      'acknowledged orders': result.orders.length,
      'acknowledged orders lost': 0,
    });
  } finally {
    await shop.stop();
  }
}, 180_000);
