/**
 * The actions of customers. The checkout page, the API and the controls all use the simulators, so that every change has its webhook.
 */
import type { TransactionRecord } from '../ledger/records.ts';
import type { CardName } from '../ledger/test-cards.ts';
import { cardNamed, meansOfCard } from '../ledger/test-cards.ts';
import { attempt, getTransaction } from '../ledger/transactions.ts';
import { transactionView } from '../views/transaction-view.ts';
import type { WebhookMode } from '../webhooks/webhook-rules.ts';
import type { WebhookDelivery } from '../webhooks/webhook-sender.ts';
import type { SimulatorOptions } from './announce.ts';

export interface PayOptions {
  /** Default: success. */
  card?: CardName | undefined;
  /** By a card of another country, with its fees. */
  international?: boolean | undefined;
  /** Overrides the sender's rules. */
  webhook?: WebhookMode | undefined;
  /** Captures another amount or currency than requested. */
  capture?: { amount?: number | undefined; currency?: string | undefined } | undefined;
}

export interface PayResult {
  /** Whether this call captured money; false for a declined card and for a reference that was captured before. */
  charged: boolean;
  status: string;
  deliveries: WebhookDelivery[];
}

export class PaymentSimulator {
  private readonly options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.options = options;
  }

  /** One attempt with one card. As at Paystack, only a success sends an event. */
  pay(reference: string, pay: PayOptions = {}): PayResult {
    const { records, webhooks, switches } = this.options;
    const transaction = getTransaction(records, reference, 404);
    const charged = attempt(transaction, meansOfCard(cardNamed(pay.card ?? 'success')), {
      now: this.now(),
      customerBearsFees: switches().feesBearer === 'customer',
      international: pay.international,
      capture: pay.capture,
    });
    this.options.onChange();
    const deliveries = charged
      ? webhooks.announce('charge.success', transactionView(transaction, switches()), reference, pay.webhook)
      : [];
    return { charged, status: transaction.status, deliveries };
  }

  /**
   * Pays `reference` and every unpaid reference of the same order, as a customer does in two tabs. Both charges are real,
   * because one reference is captured at most once but an order can have several.
   */
  payTwice(reference: string, pay: PayOptions = {}): PayResult[] {
    const transaction = getTransaction(this.options.records, reference, 404);
    const siblings = [...this.options.records.transactions.values()].filter((other) => sameOrder(other, transaction));
    return [transaction, ...siblings].map((one) => this.pay(one.reference, pay));
  }

  private now(): string {
    return this.options.now().toISOString();
  }
}

/** Compares metadata.orderId, the only field that connects two references. */
function sameOrder(other: TransactionRecord, transaction: TransactionRecord): boolean {
  const order = orderOf(transaction);
  return (
    order !== null && other.reference !== transaction.reference && other.paidAt === null && orderOf(other) === order
  );
}

function orderOf(transaction: TransactionRecord): string | null {
  const { metadata } = transaction;
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return null;
  return typeof metadata.orderId === 'string' ? metadata.orderId : null;
}
