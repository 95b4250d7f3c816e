/** The calls of PaystackService that send a refund to a bank account of the customer. */
import type { PaystackPort } from '../../../jobs/ports.ts';
import { GatewayError, type RefundReport } from '../../../models/payment/gateway-reports.ts';
import { type Envelope, readData } from '../reply.ts';
import { refundSchema } from '../reports.ts';
import { bankSchema, rowsSchema } from '../schemas.ts';
import { type ApiRequest, type BoundedCall, getRequest } from './bounded-call.ts';
import { assertGatewayId, PER_PAGE, type Runner } from './runner.ts';

/** Sending a refund to a customer's bank account. */
export function bankCalls(
  call: BoundedCall,
  { run, once, repeatable }: Runner,
): Pick<PaystackPort, 'sendRefundAccount' | 'listBanks'> {
  return {
    sendRefundAccount: ({ gatewayRefundId, currency, account: { accountNumber, bankId } }) =>
      run('sendRefundAccount', async (deadlineMs) => {
        assertGatewayId(gatewayRefundId);
        const details = { currency, account_number: accountNumber, bank_id: bankId };
        const path = ['refund', 'retry_with_customer_details', gatewayRefundId];
        const request: ApiRequest = { method: 'POST', path, body: { refund_account_details: details } };
        return readFetched(await once((ms) => call(request, ms), deadlineMs), gatewayRefundId);
      }),

    listBanks: ({ currency }) =>
      run('listBanks', async (deadlineMs) => {
        const request = getRequest(['bank'], { currency, perPage: PER_PAGE });
        const envelope = await repeatable((ms) => call(request, ms), deadlineMs);
        const banks = readData(envelope, rowsSchema).flatMap((row) => bankSchema.safeParse(row).data ?? []);
        return banks.sort((a, b) => a.name.localeCompare(b.name));
      }),
  };
}

/** Throws GatewayError `malformed` when the reply is about another refund. */
export function readFetched(envelope: Envelope, gatewayRefundId: string): RefundReport {
  const refund = readData(envelope, refundSchema);
  if (refund.gatewayRefundId === gatewayRefundId) return refund;
  throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about another refund.');
}
