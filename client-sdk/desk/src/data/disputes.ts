/** Answering disputes: the drafted evidence, the file, and the fields of the dialogs as the input of admin.answerDispute. */
import { type AnswerDisputeInput, attachDisputeFile, parseMoney, type StaffDispute } from '@orders-module/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';
import { FormError } from '../../../parts/data/errors.ts';
import { currentSession } from '../../../parts/data/session.ts';

/** Equal to the server's limit. */
const MAX_FILE_BYTES = 5 * 1024 * 1024;

export type Answer = Omit<AnswerDisputeInput, 'key' | 'expect'>;

export function disputeDraftQuery(id: string, disputeId: string) {
  return queryOptions({
    queryKey: ['staff', 'dispute-draft', id, disputeId],
    queryFn: ({ signal }) => client.admin.disputeDraft.query({ id, disputeId }, { signal }),
  });
}

const textOf = (form: FormData, name: string) => String(form.get(name) ?? '').trim();
const filled = <Name extends string>(name: Name, value: string) =>
  (value === '' ? {} : { [name]: value }) as { [N in Name]?: string };

export function declineInputOf(id: string, { id: disputeId }: StaffDispute, form: FormData): Answer {
  return {
    id,
    disputeId,
    resolution: 'decline',
    message: textOf(form, 'message'),
    evidence: {
      customerEmail: textOf(form, 'customerEmail'),
      customerName: textOf(form, 'customerName'),
      customerPhone: textOf(form, 'customerPhone'),
      serviceDetails: textOf(form, 'serviceDetails'),
      ...filled('deliveryAddress', textOf(form, 'deliveryAddress')),
      ...filled('deliveryDate', textOf(form, 'deliveryDate')),
    },
    ...filled('fileId', textOf(form, 'fileId')),
  };
}

/** Throws FormError for an amount that cannot be read. */
export function acceptInputOf(id: string, { id: disputeId, currency }: StaffDispute, form: FormData): Answer {
  const typed = textOf(form, 'amount');
  const refundAmount = typed === '' ? undefined : parseMoney(typed, currency);
  if (refundAmount === null) throw new FormError('Write the amount like 1500 or 1500.50.');
  return {
    id,
    disputeId,
    resolution: 'accept',
    message: textOf(form, 'message'),
    ...(refundAmount === undefined ? {} : { refundAmount }),
    ...filled('fileId', textOf(form, 'fileId')),
  };
}

/** Returns the file's id. Throws FormError with a sentence to show. */
export async function attachFile(orderId: string, file: File): Promise<string> {
  if (file.size > MAX_FILE_BYTES) throw new FormError('This file is larger than 5 MB.');
  const token = currentSession()?.token ?? '';
  try {
    return (await attachDisputeFile({ url: '', token, orderId, file })).fileId;
  } catch {
    throw new FormError('This file could not be attached. It must be a PDF, a JPEG or a PNG of at most 5 MB.');
  }
}

/** Saves the receipt that Paystack gets without a file. */
export async function downloadReceipt(id: string, disputeId: string, code: string): Promise<void> {
  const { base64, contentType } = await client.admin.disputeReceipt.query({ id, disputeId });
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: contentType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `receipt-${code}.pdf`;
  link.click();
  URL.revokeObjectURL(address);
}
