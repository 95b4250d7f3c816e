/**
 * Paystack's envelope: what every reply of the imitated API looks like, and the one error that its rules throw.
 * `status` says that the API call worked, never that anything was paid.
 */

import type { Json, JsonObject } from '../ledger/records.ts';
import type { Refusal } from '../ledger/refusal.ts';
import type { Switches } from '../switches.ts';

/** A reply before it is written to the socket; faults may still bend it. */
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
