/**
 * PaystackService: the only code that calls Paystack. Takes Money and references, returns reports, throws only
 * GatewayError. Every method ends within its deadline, retries included; only reads are repeated. No error and no log
 * line contains the secret key or the payer's data. The methods may run concurrently.
 */
import type { PaystackPort } from '../../jobs/ports.ts';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import { answerCalls } from './calls/answer-calls.ts';
import { bankCalls } from './calls/bank-calls.ts';
import { disputeCalls } from './calls/dispute-calls.ts';
import { listCalls } from './calls/list-calls.ts';
import { payoutCalls } from './calls/payout-calls.ts';
import { refundCalls } from './calls/refund-calls.ts';
import { assertAmount, assertReference, createRunner, type PaystackServiceOptions } from './calls/runner.ts';
import { uploadRule } from './calls/upload-file.ts';
import { paymentPageRule } from './payment-page.ts';
import { readData } from './reply.ts';
import { chargeSchema } from './reports.ts';
import { initializedSchema } from './schemas.ts';
import { createTransport } from './transport.ts';

export type { ObservePaystack, PaystackOperation, PaystackServiceOptions } from './calls/runner.ts';

export const PAYSTACK_API_URL = 'https://api.paystack.co';

/** The service for one key at one address. One process may create several. */
export function createPaystackService(options: PaystackServiceOptions): PaystackPort {
  const transport = createTransport({ baseUrl: PAYSTACK_API_URL, ...options });
  const initialized = initializedSchema(paymentPageRule(options.baseUrl));
  const runner = createRunner(options);
  const { run, once, repeatable } = runner;

  return {
    initialize: (input) =>
      run('initialize', async (deadlineMs) => {
        assertReference(input.reference, 'rejected');
        assertAmount(input.total.amount);
        const envelope = await once((ms) => transport.initialize(initializeBody(input), ms), deadlineMs);
        const { reference, ...page } = readData(envelope, initialized);
        if (reference === input.reference) return page;
        throw new GatewayError(
          'malformed',
          envelope.httpStatus,
          'Paystack initialized another reference than the one we sent.',
        );
      }),

    verify: (reference) =>
      run('verify', async (deadlineMs) => {
        assertReference(reference, 'unknown_reference');
        const envelope = await repeatable((ms) => transport.verify({ reference }, ms), deadlineMs);
        const charge = readData(envelope, chargeSchema);
        if (charge.reference === reference) return charge;
        throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about another reference.');
      }),

    ...refundCalls(transport, runner),
    ...bankCalls(transport.call, runner),
    ...disputeCalls(transport.call, runner),
    ...answerCalls(transport.call, runner, uploadRule(options.baseUrl)),
    ...listCalls(transport, runner, options.log),
    ...payoutCalls(transport.call, runner),
  };
}

function initializeBody(input: Parameters<PaystackPort['initialize']>[0]) {
  const { email, total, reference, callbackUrl, metadata, cancelUrl, channels = [] } = input;
  return {
    email,
    amount: total.amount,
    currency: total.currency,
    reference,
    callback_url: callbackUrl,
    metadata: { ...metadata, cancel_action: cancelUrl },
    ...(channels.length === 0 ? {} : { channels: [...channels] }),
  };
}
