/** Whatever happens at Paystack without the shop's doing: faults, disputes and the bank's decisions, refunds at the dashboard. */
import type { ApiRoute } from '../../dev/paystack-sandbox/src/index.ts';
import { PAYSTACK_KEY } from '../support/test-app.ts';
import type { Market } from './market.ts';

export interface Outside {
  faults: number;
  disputes: number;
  preArbitrations: number;
  dashboardRefunds: number;
}

export const nothingOutside = (): Outside => ({ faults: 0, disputes: 0, preArbitrations: 0, dashboardRefunds: 0 });

const ROUTES: readonly (ApiRoute | 'any')[] = ['any', 'initialize', 'verify', 'list', 'refund.create', 'refund.list'];
const MORE_ROUTES: readonly ApiRoute[] = ['dispute.get', 'dispute.resolve', 'dispute.upload', 'settlement.list'];

/** Some calls of the coming hours fail; of half of them the work is done and the reply is lost. */
export function scriptFaults({ random, sandbox }: Market, outside: Outside): void {
  sandbox.clearScript();
  for (let fault = random.integer(0, 3); fault > 0; fault -= 1) {
    const route = random.pick([...ROUTES, ...MORE_ROUTES]);
    const kind = random.pick(['drop', 'html', 'status'] as const);
    const rule = { route, times: random.integer(1, 3), carriedOut: random.chance(0.5) };
    sandbox.script({ ...rule, fault: kind === 'status' ? { kind, status: 503 } : { kind } });
    outside.faults += 1;
  }
}

/** A cardholder complains about a charge of the last days. A part of the events is lost. */
export function openDisputes(
  { random, sandbox, clock }: Market,
  outside: Outside,
  paidLately: readonly string[],
): void {
  for (const reference of paidLately) {
    if (!random.chance(0.01)) continue;
    const { amount, status, refunds } = sandbox.transaction(reference);
    // A bank takes back what was refunded, too: an alert, which has its own tests.
    if (status !== 'success' || refunds.length > 0) continue;
    if (random.chance(0.2)) sandbox.scriptWebhooks({ event: 'charge.dispute.create', reference, mode: 'lose' });
    const dueAt = new Date(clock.now().getTime() + random.integer(10, 40) * 3600_000);
    const part = random.chance(0.3) ? random.integer(1_000, amount) : null;
    const category = random.pick(['chargeback', 'fraud', 'general']);
    sandbox.openDispute(reference, { amount: part, category, dueAt });
    outside.disputes += 1;
  }
}

/** The bank decides the disputes that were declined, and contests a few that the shop has won. */
export function decideDisputes({ random, sandbox }: Market, outside: Outside): void {
  for (const { id, history } of sandbox.disputes('awaiting-bank-feedback')) {
    sandbox.resolveDispute(id, random.chance(0.7) ? 'declined' : 'merchant-accepted');
    const isFirst = history.length < 4;
    if (sandbox.dispute(id).resolution !== 'declined' || !isFirst || !random.chance(0.1)) continue;
    sandbox.reopenDispute(id);
    outside.preArbitrations += 1;
  }
}

/** Somebody refunds a part of a charge at Paystack's dashboard. */
export async function refundAtDashboard(
  market: Market,
  outside: Outside,
  paidLately: readonly string[],
): Promise<void> {
  const { random, sandbox } = market;
  for (const reference of paidLately) {
    if (!random.chance(0.002)) continue;
    const { status, amount, refunds, disputes } = sandbox.transaction(reference);
    if (status !== 'success' || refunds.length + disputes.length > 0) continue;
    const headers = { authorization: `Bearer ${PAYSTACK_KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ transaction: reference, amount: random.integer(1_000, amount) });
    await fetch(`${sandbox.url}/refund`, { method: 'POST', headers, body }).catch(() => null);
    // Also without a reply: the day's faults hit the dashboard, too.
    if (sandbox.transaction(reference).refunds.length === 0) continue;
    market.refundedOutside.push(reference);
    outside.dashboardRefunds += 1;
  }
}
