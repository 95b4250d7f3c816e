/** Payments that are completed outside the page: bank transfers, USSD, mobile money. */
import { beginWaiting, expireWaiting } from '../ledger/channels.ts';
import type { Channel, TransactionRecord, WaitingPayment } from '../ledger/records.ts';
import { Refusal } from '../ledger/refusal.ts';
import { attempt, getTransaction, isCaptured, type PaymentMeans } from '../ledger/transactions.ts';
import { rejectedTransferView } from '../views/rejected-transfer-view.ts';
import { transactionView } from '../views/transaction-view.ts';
import type { WebhookMode } from '../webhooks/webhook-rules.ts';
import type { SimulatorOptions } from './announce.ts';
import type { PayResult } from './payment-simulator.ts';

export interface BeginOptions {
  /** Of mobile money. */
  phone?: string | undefined;
}

export interface CompleteOptions {
  /** Of a bank transfer, in subunits; by default what is to be paid. */
  amount?: number | undefined;
  /** Of USSD and mobile money: false for a customer who refuses. */
  approved?: boolean | undefined;
  /** Overrides the sender's rules. */
  webhook?: WebhookMode | undefined;
}

const DEFAULT_PHONE = '+254700000000';

export class ChannelSimulator {
  private readonly options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.options = options;
  }

  /** The customer chooses the channel on the page. */
  begin(reference: string, channel: Channel, { phone = DEFAULT_PHONE }: BeginOptions = {}): WaitingPayment {
    const transaction = getTransaction(this.options.records, reference, 404);
    if (channel === 'card' || !transaction.channels.includes(channel))
      throw new Refusal(400, 'invalid_params', `The page of this transaction does not offer ${channel}`);
    if (isCaptured(transaction)) throw new Refusal(400, 'invalid_params', 'The transaction has been paid');
    const waiting = beginWaiting(transaction, channel, { phone, now: this.options.now() });
    this.plan(transaction, waiting);
    this.options.onChange();
    return waiting;
  }

  /**
   * The customer sends the money, dials the code or confirms on the phone. A transfer of another amount is rejected with
   * an event, and goes back; the account stays open for the right one.
   */
  complete(reference: string, { amount, approved = true, webhook }: CompleteOptions = {}): PayResult {
    const { records, webhooks, switches } = this.options;
    const transaction = getTransaction(records, reference, 404);
    const { waiting } = transaction;
    if (waiting === null) throw new Refusal(400, 'invalid_params', 'No payment of this transaction waits any more');
    const sent = amount ?? transaction.requestedAmount;
    if (waiting.channel === 'bank_transfer' && sent !== transaction.requestedAmount) {
      transaction.rejectedTransfers.push({ at: this.options.now().toISOString(), amount: sent });
      this.options.onChange();
      const data = rejectedTransferView(transaction, sent);
      const deliveries = webhooks.announce('bank.transfer.rejected', data, reference, webhook);
      return { charged: false, status: transaction.status, deliveries };
    }
    const charged = attempt(transaction, meansOf(waiting, approved), {
      now: this.options.now().toISOString(),
      customerBearsFees: switches().feesBearer === 'customer',
    });
    this.options.due.drop(keyOf(transaction));
    this.options.onChange();
    const deliveries = charged
      ? webhooks.announce('charge.success', transactionView(transaction, switches()), reference, webhook)
      : [];
    return { charged, status: transaction.status, deliveries };
  }

  /** Plans the end of what waited when the sandbox was stopped. */
  resume(): void {
    for (const transaction of this.options.records.transactions.values())
      if (transaction.waiting !== null) this.plan(transaction, transaction.waiting);
  }

  private plan(transaction: TransactionRecord, waiting: WaitingPayment): void {
    this.options.due.at(keyOf(transaction), Date.parse(waiting.expiresAt), (due) => {
      // A card may have paid meanwhile.
      if (transaction.waiting !== waiting) return;
      expireWaiting(transaction, due.toISOString());
      this.options.onChange();
    });
  }
}

function keyOf({ reference }: TransactionRecord): string {
  return `waiting:${reference}`;
}

function meansOf({ channel, target }: WaitingPayment, approved: boolean): PaymentMeans {
  return {
    channel,
    last4: target.replaceAll(/\D/g, '').slice(-4),
    succeeds: approved,
    gatewayResponse: approved ? 'Approved' : 'Declined by the customer',
    // The sender's account is unknown to Paystack, so that a refund needs one.
    refundEnd: channel === 'bank_transfer' ? 'needs-attention' : 'processed',
  };
}
