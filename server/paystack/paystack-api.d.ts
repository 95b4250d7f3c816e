/**
 * The parts of paystack-api 2.0.6 that PaystackService uses, after its index.js; the package ships no types.
 * A call returns the underlying `request` object, which emits the request's events and is thenable.
 */
declare module 'paystack-api' {
  import type { EventEmitter } from 'node:events';

  interface PendingRequest extends EventEmitter, PromiseLike<unknown> {
    /** Ends the request; the promise then never settles. */
    abort(): void;
  }

  /** Takes one object for path, query and body, deletes the path's arguments from it, and throws when one is missing. */
  type Call = (data: Record<string, unknown>) => PendingRequest;

  class Paystack {
    constructor(secretKey: string);
    endpoint: string;
    readonly transaction: { initialize: Call; verify: Call; list: Call };
    readonly refund: { create: Call; get: Call };
  }

  export = Paystack;
}
