/** A merchant's defence in a dispute: evidence, a file, the answer. Nothing here is idempotent, as at Paystack. */
import { randomBytes } from 'node:crypto';
import { awaitsAnswer, touchDispute } from './disputes.ts';
import type { DisputeFileRecord, DisputeRecord, EvidenceRecord, Records, TransactionRecord } from './records.ts';
import { nextId } from './records.ts';
import { Refusal } from './refusal.ts';

type Body = Record<string, unknown>;

const REQUIRED = ['customer_email', 'customer_name', 'customer_phone', 'service_details'] as const;

const missing = (name: string) => new Refusal(400, 'missing_params', `${name} is required`);
const invalid = (message: string) => new Refusal(400, 'invalid_params', message);

function textOf(body: Body, name: string): string | null {
  const value = body[name];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function requiredText(body: Body, name: string): string {
  const text = textOf(body, name);
  if (text === null) throw missing(name);
  return text;
}

function assertAnswerable(dispute: DisputeRecord): void {
  if (awaitsAnswer(dispute)) return;
  throw new Refusal(400, 'dispute_resolved', 'This dispute is not awaiting feedback from the merchant', {
    nextStep: 'Fetch the dispute to see how it stands',
  });
}

/** Refusal codes: dispute_resolved, missing_params, invalid_params. */
export function addEvidence(records: Records, dispute: DisputeRecord, body: Body, now: string): EvidenceRecord {
  assertAnswerable(dispute);
  const [customerEmail, customerName, customerPhone, serviceDetails] = REQUIRED.map((name) => requiredText(body, name));
  const deliveryDate = textOf(body, 'delivery_date');
  if (deliveryDate !== null && !/^\d{4}-\d{2}-\d{2}/.test(deliveryDate)) {
    throw invalid('delivery_date must be written as YYYY-MM-DD');
  }
  const evidence: EvidenceRecord = {
    id: nextId(records),
    customerEmail: customerEmail ?? '',
    customerName: customerName ?? '',
    customerPhone: customerPhone ?? '',
    serviceDetails: serviceDetails ?? '',
    deliveryAddress: textOf(body, 'delivery_address'),
    deliveryDate,
    createdAt: now,
  };
  dispute.evidence = evidence;
  touchDispute(dispute, now);
  return evidence;
}

/** Refusal codes: dispute_resolved, missing_params. */
export function issueFileName(
  records: Records,
  dispute: DisputeRecord,
  originalName: string | undefined,
  now: string,
): DisputeFileRecord {
  assertAnswerable(dispute);
  if (originalName === undefined) throw missing('upload_filename');
  const fileName = randomBytes(10).toString('hex');
  const file: DisputeFileRecord = { fileName, disputeId: dispute.id, originalName, issuedAt: now, uploaded: null };
  records.disputeFiles.push(file);
  return file;
}

function readRefundAmount(body: Body, transaction: TransactionRecord): number {
  const value = body.refund_amount;
  if (value === undefined || value === null || value === '') throw missing('refund_amount');
  const amount = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 0) {
    throw invalid('refund_amount must be a whole number of subunits');
  }
  if (amount > transaction.amount) throw invalid('Refund amount cannot be greater than initial amount');
  return amount;
}

/** A name that was never issued for this dispute, or under which nothing was uploaded, is refused. */
function assertUploaded(records: Records, dispute: DisputeRecord, fileName: string): void {
  const file = records.disputeFiles.find((one) => one.fileName === fileName && one.disputeId === dispute.id);
  if (file?.uploaded) return;
  throw new Refusal(400, 'invalid_params', 'uploaded_filename names no uploaded file of this dispute', {
    nextStep: 'Upload the file to the address that upload_url returned, and pass its fileName',
  });
}

export interface DisputeAnswer {
  resolution: 'merchant-accepted' | 'declined';
  message: string;
  refundAmount: number;
}

/**
 * The answer as read from the request, checked; the dispute then names its file. Refusal codes: dispute_resolved,
 * missing_params, invalid_params.
 */
export function readAnswer(
  records: Records,
  dispute: DisputeRecord,
  transaction: TransactionRecord,
  body: Body,
): DisputeAnswer {
  const resolution = requiredText(body, 'resolution');
  if (resolution !== 'merchant-accepted' && resolution !== 'declined') {
    throw invalid('resolution must be one of merchant-accepted, declined');
  }
  const message = requiredText(body, 'message');
  const refundAmount = readRefundAmount(body, transaction);
  const fileName = requiredText(body, 'uploaded_filename');
  assertAnswerable(dispute);
  assertUploaded(records, dispute, fileName);
  const { evidence } = body;
  const isGiven = evidence !== undefined && evidence !== null && evidence !== '';
  if (isGiven && String(dispute.evidence?.id) !== String(evidence)) throw invalid('evidence is not of this dispute');
  if (resolution === 'declined' && dispute.category === 'fraud' && dispute.evidence === null) {
    throw invalid('A fraud claim is declined with evidence only');
  }
  if (resolution === 'merchant-accepted' && refundAmount === 0) throw invalid('refund_amount must be above 0');
  dispute.fileName = fileName;
  return { resolution, message, refundAmount };
}

/** Refusal codes: dispute_resolved, missing_params, invalid_params. */
export function updateDispute(
  records: Records,
  dispute: DisputeRecord,
  transaction: TransactionRecord,
  body: Body,
  now: string,
): void {
  const amount = readRefundAmount(body, transaction);
  assertAnswerable(dispute);
  const fileName = textOf(body, 'uploaded_filename');
  if (fileName !== null) {
    assertUploaded(records, dispute, fileName);
    dispute.fileName = fileName;
  }
  dispute.amount = amount;
  touchDispute(dispute, now);
}
