/** Disputes of bought orders and staff's answers to them, for component tests. */
import { newActionKey } from '../../client-sdk/src/index.ts';
import type { PaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { runDisputesOnce } from '../../jobs/disputes/process-disputes.ts';
import { buy, type Checkout, orderOf, type Shop } from './shopping.ts';

export interface Disputed extends Checkout {
  dispute: number;
}

type Route = NonNullable<NonNullable<Parameters<PaystackSandbox['requests']>[0]>['route']>;

export const WORDS = { message: 'It was delivered.' };

export const disputeOf = ({ orderId, dispute }: Disputed) => ({ id: orderId, disputeId: String(dispute) });

/** The actions on the disputes of one shop. */
export function disputesOf(shop: Shop) {
  const { admin } = shop.staff.client;
  const answer =
    (resolution: 'accept' | 'decline') =>
    (of: Disputed, more: object = {}) =>
      admin.answerDispute.mutate({ ...disputeOf(of), ...WORDS, resolution, key: newActionKey(), ...more });
  return {
    async disputed(options: Parameters<PaystackSandbox['openDispute']>[1] = {}): Promise<Disputed> {
      const checkout = await buy(shop);
      const { id } = shop.sandbox.openDispute(checkout.txRef, options);
      await shop.sandbox.webhooksIdle();
      return { ...checkout, dispute: id };
    },
    decline: answer('decline'),
    accept: answer('accept'),
    atPaystack: ({ dispute }: Disputed) => shop.sandbox.dispute(dispute),
    answersAt: ({ dispute }: Disputed) =>
      shop.sandbox.dispute(dispute).messages.filter(({ sender }) => sender === 'merchant').length,
    answerOf: async (of: Disputed) => (await orderOf(shop, of)).disputes[0]?.answer,
    callsTo: (route: Route) => shop.sandbox.requests({ route }).length,
    async work(): Promise<void> {
      await runDisputesOnce(shop.ctx);
      await shop.sandbox.webhooksIdle();
    },
  };
}
