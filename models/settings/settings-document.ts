import { Schema } from 'mongoose';
import { MAX_CARRIERS, MAX_LENGTH, MAX_RECIPIENTS } from '../contract/limits.ts';
import { POLICIES, type PolicyName } from '../contract/shop/policies.ts';
import type { Carrier } from '../fulfilment/tracking-link.ts';

export interface Logo {
  pictureId: string;
  width: number;
  height: number;
}

/** Staff change these without a restart. One document; before the first change the configuration's values hold. */
export interface SettingsValues {
  shopName: string;
  /** Shown to customers. */
  contact: { email?: string; phone?: string };
  /** A stored picture and its size in pixels. */
  logo?: Logo;
  /** Of links and buttons, as six hexadecimal digits after a `#`; the pages' own when missing. */
  colour?: string;
  /** Those that the shop has written. */
  policies?: Partial<Record<PolicyName, string>>;
  /** For customers' replies to emails; the sender's address when missing. */
  replyTo?: string;
  /** The staff's addresses for notices of the shop. */
  recipients: string[];
  carriers: Carrier[];
  /** Digests of new orders to staff are at least so far apart; 0 for none, a minute when missing. */
  newOrdersMinutes?: number;
  limits: {
    /** The sum that support may give back on one order, in subunits of its currency; any sum when missing. */
    supportRefund?: number;
    /** A variant with at most so many units free to sell has a low stock; LOW_STOCK when missing. */
    lowStock?: number;
  };
}

export interface Settings extends SettingsValues {
  _id: 'settings';
  /** Rises by one with every change of the values; each change is a compare-and-set on it. 0: never changed. */
  version: number;
  /**
   * Every change of a role of staff raises it, so that two of them conflict: each counts the owners that the other leaves. A
   * count, because writing an equal value is no write and conflicts with nothing. A document of version 0 holds nothing else.
   */
  roleChanges?: number;
  changedAt?: Date;
  /** The staff member's user id. */
  changedBy?: string;
}

const part = <T>(definition: ConstructorParameters<typeof Schema<T>>[0]) =>
  new Schema<T>(definition, { _id: false, strict: 'throw' });

export const settingsSchema = new Schema<Settings>(
  {
    _id: { type: String, required: true },
    shopName: { type: String, required: true },
    contact: part<Settings['contact']>({ email: String, phone: String }),
    logo: part<Logo>({
      pictureId: { type: String, required: true },
      width: { type: Number, required: true },
      height: { type: Number, required: true },
    }),
    colour: String,
    policies: part<NonNullable<Settings['policies']>>(Object.fromEntries(POLICIES.map((name) => [name, String]))),
    replyTo: String,
    recipients: { type: [String], required: true },
    carriers: [part<Carrier>({ name: { type: String, required: true }, trackingUrl: String })],
    newOrdersMinutes: Number,
    limits: part<Settings['limits']>({ supportRefund: Number, lowStock: Number }),
    version: { type: Number, required: true },
    changedAt: Date,
    changedBy: String,
    roleChanges: Number,
  },
  { collection: 'settings', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);

const string = { bsonType: 'string', minLength: 1 } as const;
const wholeFrom = (minimum: number) => ({ bsonType: ['int', 'long', 'double'], minimum, multipleOf: 1 }) as const;

export const settingsValidator = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['version'],
    anyOf: [
      { properties: { version: { enum: [0] } } },
      { required: ['shopName', 'contact', 'recipients', 'carriers', 'limits'] },
    ],
    properties: {
      _id: { enum: ['settings'] },
      version: wholeFrom(0),
      shopName: { ...string, maxLength: MAX_LENGTH.name },
      contact: { bsonType: 'object', properties: { email: string, phone: string }, additionalProperties: false },
      logo: {
        bsonType: 'object',
        required: ['pictureId', 'width', 'height'],
        properties: { pictureId: { ...string, pattern: '^[0-9a-f]{64}$' }, width: wholeFrom(1), height: wholeFrom(1) },
        additionalProperties: false,
      },
      colour: { ...string, pattern: '^#[0-9a-f]{6}$' },
      policies: {
        bsonType: 'object',
        properties: Object.fromEntries(POLICIES.map((name) => [name, { ...string, maxLength: MAX_LENGTH.policy }])),
        additionalProperties: false,
      },
      replyTo: string,
      recipients: { bsonType: 'array', maxItems: MAX_RECIPIENTS, items: string },
      carriers: {
        bsonType: 'array',
        maxItems: MAX_CARRIERS,
        items: {
          bsonType: 'object',
          required: ['name'],
          properties: { name: string, trackingUrl: { ...string, pattern: '^https://' } },
        },
      },
      newOrdersMinutes: wholeFrom(0),
      limits: {
        bsonType: 'object',
        properties: { supportRefund: wholeFrom(0), lowStock: wholeFrom(0) },
        additionalProperties: false,
      },
    },
  },
} as const;
