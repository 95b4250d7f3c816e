/** Payouts: made in the night of each business day, and paid in its morning. */
import type { SettlementRecord, SettlementStatus } from '../ledger/records.ts';
import { getSettlement, nextSettlementTime, paidTime, settleUntil } from '../ledger/settlements.ts';
import type { SimulatorOptions } from './announce.ts';

const DAY_MS = 24 * 3600_000;
const midnightOf = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;

export class SettlementSimulator {
  private readonly options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.options = options;
  }

  /** Pays out at once what was captured up to now, as if it were the morning of a business day. */
  settle(): SettlementRecord[] {
    const { records, onChange } = this.options;
    const now = this.options.now();
    const at = { day: midnightOf(now.getTime()), now: now.toISOString() };
    const made = settleUntil(records, Number.POSITIVE_INFINITY, at);
    for (const settlement of made) settlement.status = 'success';
    onChange();
    return made;
  }

  move(id: number, status: SettlementStatus): void {
    const settlement = getSettlement(this.options.records, id);
    this.options.due.drop(settlement);
    settlement.status = status;
    settlement.updatedAt = this.options.now().toISOString();
    this.options.onChange();
  }

  /** Plans the next night, and the mornings of the settlements that were pending when the sandbox was stopped. */
  resume(): void {
    const { records } = this.options;
    records.settledAt ??= this.options.now().toISOString();
    for (const settlement of records.settlements) if (settlement.status === 'pending') this.payInTheMorning(settlement);
    this.planNight(Date.parse(records.settledAt));
  }

  private planNight(after: number): void {
    const { records, due, onChange } = this.options;
    due.at('settlement', nextSettlementTime(after), (night) => {
      const midnight = midnightOf(night.getTime());
      const made = settleUntil(records, midnight, { day: midnight, now: night.toISOString() });
      records.settledAt = night.toISOString();
      for (const settlement of made) this.payInTheMorning(settlement);
      onChange();
      this.planNight(night.getTime());
    });
  }

  private payInTheMorning(settlement: SettlementRecord): void {
    const { due, onChange } = this.options;
    due.at(settlement, paidTime(settlement), (morning) => {
      settlement.status = 'success';
      settlement.updatedAt = morning.toISOString();
      onChange();
    });
  }
}
