/** Source: Paystack's published samples. */
import type { JsonObject, SettlementRecord } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';
import { idView } from './transaction-view.ts';

export function settlementView(settlement: SettlementRecord, switches: Switches): JsonObject {
  return {
    id: idView(settlement.id, switches),
    domain: settlement.domain,
    status: settlement.status,
    currency: settlement.currency,
    integration: 100_043,
    total_amount: settlement.net,
    effective_amount: settlement.net,
    total_fees: settlement.fees,
    total_processed: settlement.gross,
    deductions: settlement.deductions,
    settlement_date: settlement.settlementDate,
    settled_by: null,
    createdAt: settlement.createdAt,
    updatedAt: settlement.updatedAt,
  };
}
