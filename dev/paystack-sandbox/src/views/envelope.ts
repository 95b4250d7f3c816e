/** Paystack's envelope. Its `status` means that the API call succeeded, never that a payment did. */
import type { Json, JsonObject } from '../ledger/records.ts';
import type { Refusal } from '../ledger/refusal.ts';
import type { Switches } from '../switches.ts';

/** A reply before faults are applied to it. */
export interface ApiReply {
  status: number;
  body: JsonObject;
}

export function success(message: string, data: Json, meta?: JsonObject): ApiReply {
  return {
    status: 200,
    body: meta === undefined ? { status: true, message, data } : { status: true, message, data, meta },
  };
}

export function refused(refusal: Refusal, switches: Switches): ApiReply {
  return {
    status: refusal.httpStatus,
    body: {
      status: switches.errorStatus === 'string' ? 'false' : false,
      message: refusal.message,
      meta: { [switches.nextStepKey]: refusal.nextStep },
      type: refusal.type,
      code: refusal.code,
    },
  };
}
