/** Reading and answering disputes. Source: Paystack's API reference, "Disputes". */
import { addEvidence, issueFileName, readAnswer, updateDispute } from '../ledger/dispute-answers.ts';
import { findDispute, getDispute } from '../ledger/disputes.ts';
import type { DisputeFileRecord, DisputeRecord, JsonObject, TransactionRecord } from '../ledger/records.ts';
import { getTransaction } from '../ledger/transactions.ts';
import { answeredDisputeView, disputeView, evidenceView } from '../views/dispute-view.ts';
import { success } from '../views/envelope.ts';
import { type EndpointsOptions, referenceOf } from './endpoints.ts';
import { type Columns, csvOf, type Exports } from './exports.ts';
import type { ApiCall, ApiEndpoint } from './mount-api.ts';
import { ofPeriod, paged } from './paging.ts';

export interface DisputeEndpointsOptions extends EndpointsOptions {
  exports: Exports;
  signedUrl: (file: DisputeFileRecord) => string;
}

export function disputeEndpoints(options: DisputeEndpointsOptions): ApiEndpoint[] {
  return [...readingEndpoints(options), ...answeringEndpoints(options)];
}

interface Found {
  dispute: DisputeRecord;
  charge: TransactionRecord;
}

function foundBy({ records }: EndpointsOptions): (call: ApiCall) => Found {
  return (call) => {
    const dispute = getDispute(records, call.params.id ?? '');
    return { dispute, charge: getTransaction(records, dispute.reference, 404) };
  };
}

function referenceBy({ records }: EndpointsOptions): (call: ApiCall) => string | null {
  return (call) => findDispute(records, call.params.id)?.reference ?? null;
}

function readingEndpoints(options: DisputeEndpointsOptions): ApiEndpoint[] {
  const { records, switches, exports } = options;
  const find = foundBy(options);
  const view = (dispute: DisputeRecord): JsonObject =>
    disputeView(dispute, getTransaction(records, dispute.reference, 404), switches());
  const ofCharge = (key: string | undefined) =>
    records.disputes.filter(({ transactionId }) => key === undefined || String(transactionId) === key);
  const matching = ({ query: { status, transaction } }: ApiCall) =>
    ofCharge(transaction).filter((one) => status === undefined || one.status === status);
  return [
    {
      route: 'dispute.list',
      method: 'get',
      path: '/dispute',
      subject: (call) => referenceOf(records, call.query.transaction),
      handle: (call) => {
        // paged sums amounts, and a dispute of the whole charge has none of its own.
        const entries = matching(call).map((one) => ({ ...one, amount: one.amount ?? 0, dispute: one }));
        return paged('Disputes retrieved', entries, call, ({ dispute }) => view(dispute));
      },
    },
    {
      route: 'dispute.export',
      method: 'get',
      path: '/dispute/export',
      subject: () => null,
      handle: (call) => success('Export successful', exports.add(csvOf(ofPeriod(matching(call), call.query), COLUMNS))),
    },
    {
      route: 'dispute.list',
      method: 'get',
      path: '/dispute/transaction/:id',
      subject: (call) => referenceOf(records, call.params.id),
      handle: (call) => success('Dispute retrieved successfully', ofCharge(call.params.id).map(view)),
    },
    {
      route: 'dispute.get',
      method: 'get',
      path: '/dispute/:id',
      subject: referenceBy(options),
      handle: (call) => success('Dispute retrieved', view(find(call).dispute)),
    },
  ];
}

function answeringEndpoints(options: DisputeEndpointsOptions): ApiEndpoint[] {
  const { records, simulators, switches, onChange, signedUrl } = options;
  const find = foundBy(options);
  const subject = referenceBy(options);
  const now = (): string => options.now().toISOString();
  return [
    {
      route: 'dispute.evidence',
      method: 'post',
      path: '/dispute/:id/evidence',
      subject,
      handle: (call) => {
        const { dispute } = find(call);
        const evidence = addEvidence(records, dispute, call.body, now());
        onChange();
        return success('Evidence created', evidenceView(evidence, dispute, switches()));
      },
    },
    {
      route: 'dispute.uploadUrl',
      method: 'get',
      path: '/dispute/:id/upload_url',
      subject,
      handle: (call) => {
        const file = issueFileName(records, find(call).dispute, call.query.upload_filename, now());
        onChange();
        return success('Upload url generated', { signedUrl: signedUrl(file), fileName: file.fileName });
      },
    },
    {
      route: 'dispute.resolve',
      method: 'put',
      path: '/dispute/:id/resolve',
      subject,
      handle: (call) => {
        const { dispute, charge } = find(call);
        simulators.disputes.answer(dispute, readAnswer(records, dispute, charge, call.body));
        return success('Dispute successfully resolved', answeredDisputeView(dispute, charge, switches()));
      },
    },
    {
      route: 'dispute.update',
      method: 'put',
      path: '/dispute/:id',
      subject,
      handle: (call) => {
        const { dispute, charge } = find(call);
        updateDispute(records, dispute, charge, call.body, now());
        onChange();
        return success('Dispute updated successfully', [disputeView(dispute, charge, switches())]);
      },
    },
  ];
}

const COLUMNS: Columns<DisputeRecord> = [
  ['id', ({ id }) => id],
  ['transaction_reference', ({ reference }) => reference],
  ['refund_amount', ({ amount }) => amount],
  ['currency', ({ currency }) => currency],
  ['status', ({ status }) => status],
  ['resolution', ({ resolution }) => resolution],
  ['category', ({ category }) => category],
  ['due_at', ({ dueAt }) => dueAt],
  ['created_at', ({ createdAt }) => createdAt],
  ['resolved_at', ({ resolvedAt }) => resolvedAt],
];
