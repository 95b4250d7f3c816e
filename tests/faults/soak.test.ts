/** Memory under a steady load (A2). The default of half a minute only shows that it works; set SOAK_MINUTES=30. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type ClusterShop, expectNothingLost, openClusterShop } from '../support/cluster-shop.ts';
import { noteFigure } from '../support/figures.ts';
import { shopUntil } from '../support/load.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 0.5);
const SAMPLES = 60;
/** A heap that fills for the first time grows more in a short run than late in a long one. */
const MAY_GROW_MB = 60;
const MAY_GROW_FACTOR = 1.15;

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Memory of each process in MB, by name, at equal intervals. */
async function sample(shop: ClusterShop): Promise<Map<string, number[]>> {
  const samples = new Map<string, number[]>();
  for (let taken = 0; taken < SAMPLES; taken += 1) {
    await delay((MINUTES * 60_000) / SAMPLES);
    for (const { name, pid } of shop.roles()) samples.set(name, [...(samples.get(name) ?? []), await residentMb(pid)]);
  }
  return samples;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

test(
  'under a steady load the memory of every process stays flat and nothing is lost',
  async () => {
    const shop = await openClusterShop({ members: 1, webs: 2, workers: 2 });
    try {
      let over = false;
      const load = shopUntil(() => over, { ...shop, onFailure: 'count' });
      const samples = await sample(shop).finally(() => {
        over = true;
      });
      const result = await load;
      expect(result.failures).toEqual([]);
      expect(samples.size).toBe(4);
      for (const [name, values] of samples) {
        const second = median(values.slice(SAMPLES / 3, (2 * SAMPLES) / 3));
        const last = median(values.slice((2 * SAMPLES) / 3));
        noteFigure(`soak, ${name}`, {
          minutes: MINUTES,
          orders: result.orders.length,
          'MB before': second,
          'MB after': last,
        });
        expect([name, last < second * MAY_GROW_FACTOR + MAY_GROW_MB]).toEqual([name, true]);
      }
      await expectNothingLost(shop, result);
    } finally {
      await shop.stop();
    }
  },
  240_000 + MINUTES * 60_000,
);
