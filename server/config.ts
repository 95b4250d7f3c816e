/**
 * Configuration: read from the environment once, checked as a whole, then a plain object. The only file of the program
 * that looks at process.env; tests and the development shop pass a Config of their own.
 */
import type { Currency } from '../models/money.ts';

export interface Config {
  production: boolean;
  roles: readonly ('web' | 'worker')[];
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Where the world reaches us, without a trailing slash; callbacks to us are made from it and from nothing else. */
  publicUrl: string;
  /** Where shoppers' browsers are sent, without a trailing slash. */
  storefrontUrl: string;
  shopName: string;
  mongodbUri: string;
  paystackSecretKey: string;
  sendgridApiKey: string;
  emailFrom: { email: string; name: string };
  auth:
    | { kind: 'own'; secret: string; issuer: string; audience: string; lifetimeSeconds: number }
    | { kind: 'jwks'; url: string; issuer: string; audience: string };
  /** Subunits of the cart's currency. */
  shippingFee: number;
  currency: Currency;
  /** 0 turns holds off. */
  stockHoldMinutes: number;
  /** Express's `trust proxy`: false, or the number of proxies in front. */
  trustProxy: false | number;
  corsOrigins: readonly string[];
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  prettyLogs: boolean;
  limits: {
    /** Procedure calls a minute and address; a batch counts as its calls. */
    callsPerMinute: number;
    /** Failed sign-ins a minute, per account and per address, before answers slow down. */
    signInsPerMinute: number;
    maxInFlight: number;
  };
  /** How often the sweep and the reconcile pass run in a worker, ms. Tests shorten them. */
  sweepEveryMs: number;
  reconcileEveryMs: number;
}
