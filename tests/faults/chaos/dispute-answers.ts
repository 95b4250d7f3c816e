/** Staff of a chaos run answer disputes: they decline, or give back all or a part. */
import type { TRPCClient } from '@trpc/client';
import type { SeededRandom } from '../../../dev/history/seeded-random.ts';
import type { AppRouter } from '../../../server/trpc/router.ts';
import { newActionKey } from '../../support/action-keys.ts';
import type { History } from './history.ts';
import { actOnPreview } from './previewed.ts';

export async function answerDisputes(
  history: History,
  name: string,
  client: TRPCClient<AppRouter>,
  random: SeededRandom,
): Promise<void> {
  const page = await history.record(name, 'listDisputes', {}, () =>
    client.admin.orders.query({ attention: 'dispute', limit: 5 }),
  );
  for (const { id } of page?.items ?? []) {
    // The others pass their deadlines, or the bank decides.
    if (!random.chance(0.5)) continue;
    const order = await history.record(name, 'order', { orderId: id }, () => client.admin.order.query({ id }));
    const open = order?.disputes.find(({ state, answer }) => state === 'open' && answer === null);
    if (open === undefined) continue;
    const part = random.chance(0.5) ? { refundAmount: random.integer(1, 100_000) } : {};
    const resolution = random.chance(0.6)
      ? ({ resolution: 'decline' } as const)
      : { resolution: 'accept' as const, ...part };
    const input = { id, disputeId: open.id, message: 'The goods were delivered.', ...resolution };
    const key = newActionKey();
    await actOnPreview(history, name, {
      name: 'answerDispute',
      orderId: id,
      id: key,
      preview: () => client.admin.previewAnswerDispute.mutate(input),
      act: (expected) => client.admin.answerDispute.mutate({ ...input, key, ...expected }),
    });
  }
}
