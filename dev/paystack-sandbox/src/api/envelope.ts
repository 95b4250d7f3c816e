/**
 * Paystack's envelope: what every reply of the imitated API looks like, and the one error that its rules throw.
 * `status` says that the API call worked, never that anything was paid.
 */

import type { Switches } from '../control/switches.ts';
import type { Json, JsonObject } from '../ledger/records.ts';

/** A reply before it is written to the socket; faults may still bend it. */
export interface ApiReply {
  status: number;
  body: JsonObject;
}

type RefusalType = 'api_error' | 'validation_error' | 'processor_error';

/** A definite no of the imitated API. Nothing was changed when it is thrown. */
export class Refusal extends Error {
  readonly httpStatus: number;
  readonly code: string;
  readonly type: RefusalType;
  readonly nextStep: string;

  constructor(
    httpStatus: number,
    code: string,
    message: string,
    options: { type?: RefusalType; nextStep?: string } = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.httpStatus = httpStatus;
    this.code = code;
    this.type = options.type ?? 'validation_error';
    this.nextStep = options.nextStep ?? 'Ensure that you are passing the correct values for this request';
  }
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
