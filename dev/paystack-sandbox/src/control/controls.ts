/** The controls return copies of the records; only setStatus changes one without an event. */
import type { FaultScript } from '../api/fault-script.ts';
import type { LoggedRequest } from '../api/mount-api.ts';
import { getDispute } from '../ledger/disputes.ts';
import type { Records, TransactionRecord } from '../ledger/records.ts';
import { getRefund, nextRefundStatus } from '../ledger/refunds.ts';
import { Refusal } from '../ledger/refusal.ts';
import { getTransaction } from '../ledger/transactions.ts';
import type { Ledger, LedgerTransaction, PaystackSandbox, ReleaseOrder, SendWebhookInput } from '../sandbox.ts';
import type { DueWork } from '../simulator/due-work.ts';
import type { Simulators } from '../simulator/simulators.ts';
import { type Switches, withChanges } from '../switches.ts';
import type { UploadHost } from '../uploads/upload-host.ts';
import { encode } from '../views/json-encoding.ts';
import { transactionView } from '../views/transaction-view.ts';
import { signBody, type WebhookDelivery, type WebhookSender } from '../webhooks/webhook-sender.ts';

export interface Parts {
  records: Records;
  simulators: Simulators;
  due: DueWork;
  uploads: UploadHost;
  webhooks: WebhookSender;
  faults: FaultScript;
  requests: LoggedRequest[];
  /** Shared by every part; setSwitches changes it in place. */
  switches: Switches;
  secretKey: string;
  checkoutUrl: (accessCode: string) => string;
  onChange: () => void;
  now: () => Date;
}

export type Controls = Omit<PaystackSandbox, 'url' | 'uploadUrl' | 'port' | 'close'>;

function entryOf(records: Records, transaction: TransactionRecord): LedgerTransaction {
  const { id } = transaction;
  return structuredClone({
    ...transaction,
    refunds: records.refunds.filter((refund) => refund.transactionId === id),
    disputes: records.disputes.filter((dispute) => dispute.transactionId === id),
  });
}

function byCharge<T extends { transactionId: number }>(entries: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const entry of entries) {
    const group = groups.get(entry.transactionId);
    if (group === undefined) groups.set(entry.transactionId, [entry]);
    else group.push(entry);
  }
  return groups;
}

function ledgerOf(records: Records): Ledger {
  const [refunds, disputes] = [byCharge(records.refunds), byCharge(records.disputes)];
  const transactions = [...records.transactions.values()].map((transaction) =>
    structuredClone({
      ...transaction,
      refunds: refunds.get(transaction.id) ?? [],
      disputes: disputes.get(transaction.id) ?? [],
    }),
  );
  return {
    transactions,
    charges: transactions.filter((transaction) => transaction.paidAt !== null),
    refunds: structuredClone(records.refunds),
    disputes: structuredClone(records.disputes),
    settlements: structuredClone(records.settlements),
  };
}

function finishRefunds(parts: Parts, reference: string | undefined): number {
  const open = parts.records.refunds.filter(
    (refund) => nextRefundStatus(refund) !== null && (reference === undefined || refund.reference === reference),
  );
  for (const refund of open) while (nextRefundStatus(refund) !== null) parts.simulators.refunds.advance(refund);
  return open.length;
}

function inOrder(deliveries: WebhookDelivery[], order: ReleaseOrder, random: () => number): WebhookDelivery[] {
  if (order === 'reversed') return deliveries.reverse();
  if (order === 'as-queued') return deliveries;
  for (let last = deliveries.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [deliveries[last], deliveries[other]];
    if (a !== undefined && b !== undefined) [deliveries[last], deliveries[other]] = [b, a];
  }
  return deliveries;
}

async function sendWebhook(parts: Parts, input: SendWebhookInput): Promise<WebhookDelivery> {
  const { records, switches, webhooks } = parts;
  const reference = input.reference ?? null;
  const charge = reference === null ? undefined : records.transactions.get(reference);
  const view = charge === undefined ? null : transactionView(charge, switches);
  const data = input.data === undefined ? view : input.data;
  const body = input.rawBody ?? encode({ event: input.event, data }, switches.webhookEncoding);
  const signature = input.signature === undefined ? signBody(body, input.key ?? parts.secretKey) : input.signature;
  const delivery = webhooks.record(input.event, reference, body, signature);
  await webhooks.postOnce(delivery);
  return delivery;
}

function webhookControls(
  parts: Parts,
): Pick<
  Controls,
  | 'setWebhookUrl'
  | 'scriptWebhooks'
  | 'clearWebhookRules'
  | 'webhooks'
  | 'releaseWebhooks'
  | 'sendWebhook'
  | 'resendWebhook'
  | 'webhooksIdle'
> {
  const { webhooks } = parts;
  return {
    setWebhookUrl: (url) => {
      webhooks.url = url;
    },
    scriptWebhooks: (rule) => webhooks.rules.add(rule),
    clearWebhookRules: () => webhooks.rules.clear(),
    webhooks: (filter = {}) =>
      webhooks.deliveries.filter(
        (delivery) =>
          (filter.event === undefined || delivery.event === filter.event) &&
          (filter.reference === undefined || delivery.reference === filter.reference),
      ),
    releaseWebhooks: async ({ reference, order = 'as-queued', random = Math.random } = {}) => {
      const held = webhooks.deliveries.filter(
        (delivery) => delivery.state === 'held' && (reference === undefined || delivery.reference === reference),
      );
      const ordered = inOrder(held, order, random);
      await webhooks.release(ordered);
      return ordered;
    },
    sendWebhook: (input) => sendWebhook(parts, input),
    resendWebhook: async (deliveryId) => {
      const delivery = webhooks.deliveries[deliveryId - 1];
      if (delivery === undefined) throw new Error(`no delivery has the id ${deliveryId}`);
      await webhooks.postOnce(delivery);
      return delivery;
    },
    webhooksIdle: () => webhooks.idle(),
  };
}

function disputeControls({
  records,
  simulators: { disputes },
  uploads,
}: Parts): Pick<
  Controls,
  | 'openDispute'
  | 'remindDispute'
  | 'resolveDispute'
  | 'moveDispute'
  | 'reopenDispute'
  | 'dispute'
  | 'disputes'
  | 'uploads'
  | 'uploadedFile'
> {
  return {
    openDispute: (reference, options) => structuredClone(disputes.open(reference, options)),
    remindDispute: (disputeId) => disputes.remind(disputeId),
    resolveDispute: (disputeId, resolution, options) => disputes.resolve(disputeId, resolution, options),
    moveDispute: (disputeId, move) => disputes.move(disputeId, move),
    reopenDispute: (disputeId, options) => structuredClone(disputes.reopen(disputeId, options)),
    dispute: (disputeId) => structuredClone(getDispute(records, disputeId)),
    disputes: (status) => structuredClone(records.disputes.filter((one) => one.status === status)),
    uploads: () => structuredClone(uploads.received),
    uploadedFile: (fileName) => uploads.bytesOf(fileName),
  };
}

export function makeControls(parts: Parts): Controls {
  const { records, simulators, due, faults, requests, switches } = parts;
  return {
    ...webhookControls(parts),
    ...disputeControls(parts),
    pay: (reference, options) => simulators.payments.pay(reference, options),
    beginPayment: (reference, channel, options) =>
      structuredClone(simulators.channels.begin(reference, channel, options)),
    completePayment: (reference, options) => simulators.channels.complete(reference, options),
    payTwice: (reference, options) => simulators.payments.payTwice(reference, options),
    setStatus: (reference, status) => {
      getTransaction(records, reference, 404).status = status;
      parts.onChange();
    },
    checkoutUrl: (reference) => parts.checkoutUrl(getTransaction(records, reference, 404).accessCode),
    ledger: () => ledgerOf(records),
    transaction: (reference) => entryOf(records, getTransaction(records, reference, 404)),
    advanceRefund: (refundId, to) => simulators.refunds.advance(getRefund(records, String(refundId)), to),
    finishRefunds: (reference) => finishRefunds(parts, reference),
    settle: () => structuredClone(simulators.settlements.settle()),
    moveSettlement: (settlementId, status) => simulators.settlements.move(settlementId, status),
    time: () => parts.now(),
    advanceClock: (ms) => {
      if (!Number.isSafeInteger(ms) || ms < 0) throw new Refusal(400, 'invalid_params', 'The clock only moves on');
      records.clockMovedMs += ms;
      parts.onChange();
      due.clockMoved();
      return parts.now();
    },
    requests: (filter = {}) =>
      requests.filter(
        (request) =>
          (filter.route === undefined || request.route === filter.route) &&
          (filter.reference === undefined || request.reference === filter.reference),
      ),
    clearRequests: () => {
      requests.length = 0;
    },
    script: (rule) => faults.add(rule),
    clearScript: () => faults.clear(),
    setSwitches: (changes) => ({ ...Object.assign(switches, withChanges(switches, changes)) }),
  };
}
