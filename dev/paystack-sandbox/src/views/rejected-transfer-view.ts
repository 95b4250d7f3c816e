/** Source: Paystack's sample of bank.transfer.rejected. It names no reference, and writes amount and id as text. */
import type { JsonObject, TransactionRecord } from '../ledger/records.ts';
import { customerView } from './customer-view.ts';

export function rejectedTransferView(transaction: TransactionRecord, amount: number): JsonObject {
  return {
    bank_transfer: {
      amount: String(amount),
      message: 'incorrect amount sent',
      message_type: 'INCORRECT_AMOUNT',
      transaction_id: String(transaction.id),
    },
    customer: {
      ...customerView(transaction),
      domain: transaction.domain,
      integration: 100_043,
      createdAt: transaction.createdAt,
      updatedAt: transaction.createdAt,
    },
  };
}
