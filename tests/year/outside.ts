/** The events outside of the shop: disputes, refunds at Paystack's dashboard, lost webhooks, days on which Paystack fails. */
import type { SeededRandom } from '../faults/chaos/random.ts';
import type { YearShop } from './shop.ts';

export interface Outside {
  beginDay(): void;
  /** These charges may be disputed from now on. */
  paid(references: readonly string[]): void;
  /** The day's disputes and dashboard refunds. */
  happen(): Promise<void>;
  /** The bank's and the staff's answers to disputes. */
  answer(): Promise<void>;
  /** Ends every fault. */
  end(): void;
  refundedOutside: string[];
}

/** Charges of about a month are disputed. */
const DISPUTABLE = 2_500;

export function outsideOf({ sandbox, refundAtDashboard }: YearShop, random: SeededRandom): Outside {
  const recent: string[] = [];
  const open: { id: number }[] = [];
  const refundedOutside: string[] = [];
  const clear = () => {
    sandbox.clearScript();
    sandbox.clearWebhookRules();
    sandbox.setSwitches({ refundBalance: 'enough' });
  };
  return {
    refundedOutside,
    beginDay() {
      clear();
      if (random.chance(0.05)) sandbox.script({ route: 'any', fault: { kind: 'status', status: 503 }, times: 40 });
      if (random.chance(0.05)) sandbox.scriptWebhooks({ event: 'refund*', mode: 'lose' });
      if (random.chance(0.05)) sandbox.scriptWebhooks({ event: 'charge.dispute*', mode: 'lose' });
      if (random.chance(0.05)) sandbox.setSwitches({ refundBalance: 'pending-payout-only' });
    },
    paid(references) {
      recent.push(...references);
      recent.splice(0, Math.max(0, recent.length - DISPUTABLE));
    },
    async happen() {
      if (recent.length > 0 && random.chance(0.6))
        open.push(...disputed(() => sandbox.openDispute(take(recent, random))));
      if (recent.length === 0 || !random.chance(0.2)) return;
      const reference = take(recent, random);
      refundedOutside.push(reference);
      await refundAtDashboard(reference, random.integer(100, 100_000));
    },
    async answer() {
      for (const { id } of open.splice(0)) {
        // A third is answered by nobody, and accepted in the shop's name at its deadline.
        if (random.chance(0.33) || sandbox.dispute(id).status === 'resolved') continue;
        sandbox.resolveDispute(id, random.chance(0.6) ? 'declined' : 'merchant-accepted');
      }
      await sandbox.webhooksIdle();
    },
    end: clear,
  };
}

function take(references: string[], random: SeededRandom): string {
  const [reference] = references.splice(random.integer(0, references.length - 1), 1);
  if (reference === undefined) throw new Error('there is no charge');
  return reference;
}

/** Empty when the charge cannot be disputed: it was never captured. */
function disputed<T>(open: () => T): T[] {
  try {
    return [open()];
  } catch {
    return [];
  }
}
