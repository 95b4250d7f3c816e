import { Schema } from 'mongoose';
import type { Address } from './address.ts';

const text = { type: String, required: true };

export const addressSchema = new Schema<Address>(
  {
    name: text,
    line1: text,
    line2: String,
    city: text,
    state: String,
    postalCode: String,
    country: text,
    phone: text,
    phoneE164: text,
  },
  { _id: false, strict: 'throw' },
);
