/** The calls of PaystackService that answer a dispute. None is repeated here: their caller reads the dispute first. */
import * as z from 'zod';
import type { PaystackPort } from '../../../jobs/ports.ts';
import { RESOLUTION_WORDS } from '../../../models/dispute/answer/answer-state.ts';
import { GatewayError } from '../../../models/payment/gateway-reports.ts';
import { readData } from '../reply.ts';
import { gatewayIdSchema } from '../reports.ts';
import { type BoundedCall, getRequest } from './bounded-call.ts';
import { assertAmount, assertGatewayId, type Runner } from './runner.ts';
import { type UploadRule, uploadFile } from './upload-file.ts';

const evidenceSchema = z.object({ id: gatewayIdSchema.nullish().catch(null) }).transform(({ id }) => id ?? null);

const fileNameSchema = z.string().regex(/^[!-~]{1,300}$/);

export function answerCalls(
  call: BoundedCall,
  { run, once, repeatable }: Runner,
  isUploadAddress: UploadRule,
): Pick<PaystackPort, 'submitEvidence' | 'requestUpload' | 'uploadFile' | 'resolveDispute'> {
  const uploadSchema = z.object({
    signedUrl: z.string().refine(isUploadAddress),
    fileName: fileNameSchema,
  });
  return {
    submitEvidence: (disputeId, evidence) =>
      run('submitEvidence', async (deadlineMs) => {
        assertGatewayId(disputeId);
        const body = {
          customer_email: evidence.customerEmail,
          customer_name: evidence.customerName,
          customer_phone: evidence.customerPhone,
          service_details: evidence.serviceDetails,
          ...(evidence.deliveryAddress === undefined ? {} : { delivery_address: evidence.deliveryAddress }),
          ...(evidence.deliveryDate === undefined ? {} : { delivery_date: evidence.deliveryDate }),
        };
        const path = ['dispute', disputeId, 'evidence'];
        const envelope = await once((ms) => call({ method: 'POST', path, body }, ms), deadlineMs);
        return { evidenceId: readData(envelope, evidenceSchema) };
      }),

    requestUpload: (disputeId, fileName) =>
      run('requestUpload', async (deadlineMs) => {
        assertGatewayId(disputeId);
        const request = getRequest(['dispute', disputeId, 'upload_url'], { upload_filename: fileName });
        const { signedUrl, fileName: name } = readData(
          await repeatable((ms) => call(request, ms), deadlineMs),
          uploadSchema,
        );
        return { url: signedUrl, fileName: name };
      }),

    uploadFile: (url, file) => run('uploadFile', (deadlineMs) => uploadFile(url, file, isUploadAddress, deadlineMs)),

    resolveDispute: (disputeId, { resolution, message, refundAmount, fileName, evidenceId }) =>
      run('resolveDispute', async (deadlineMs) => {
        assertGatewayId(disputeId);
        assertAmount(refundAmount);
        if (!fileNameSchema.safeParse(fileName).success)
          throw new GatewayError('rejected', null, 'This is no name of a file that Paystack gave.');
        const body = {
          resolution: RESOLUTION_WORDS[resolution],
          message,
          refund_amount: refundAmount,
          uploaded_filename: fileName,
          ...(evidenceId === null ? {} : { evidence: Number(evidenceId) }),
        };
        const path = ['dispute', disputeId, 'resolve'];
        readData(await once((ms) => call({ method: 'PUT', path, body }, ms), deadlineMs), z.object({}));
      }),
  };
}
