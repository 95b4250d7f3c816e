/** Inputs and parts of outputs about the contact, the address, the notes and the tags of an order. */
import { z } from 'zod';
import { actionKey, instant, longText, objectId, optional, reachableEmail, text } from '../fields.ts';
import { MAX_LENGTH, MAX_NOTES, MAX_TAGS } from '../limits.ts';
import { addressInput, addressView } from '../orders.ts';
import { actorView } from './actor.ts';

export const CONTACT_FIELDS = ['email', 'name', 'phone'] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

export const ADDRESS_FIELDS = ['name', 'line1', 'line2', 'city', 'state', 'postalCode', 'country', 'phone'] as const;
export type AddressField = (typeof ADDRESS_FIELDS)[number];

/** A field that is left out stays as it is. */
export const correctContactInput = z.strictObject({
  id: objectId,
  email: optional(reachableEmail),
  name: optional(text(MAX_LENGTH.name)),
  phone: optional(addressInput.shape.phone),
});

/** The whole address. */
export const correctAddressInput = z.strictObject({ id: objectId, address: addressInput });

/** A repeat with the same key adds no second note. */
export const addNoteInput = z.strictObject({ id: objectId, key: actionKey, text: longText(MAX_LENGTH.orderNote) });

export const removeNoteInput = z.strictObject({ id: objectId, noteId: actionKey });

/** All tags that the order is to have. */
export const setTagsInput = z.strictObject({ id: objectId, tags: z.array(text(MAX_LENGTH.tag)).max(MAX_TAGS) });

/** A repeat with the same key sends no further copy. */
export const resendEmailInput = z.strictObject({
  id: objectId,
  emailId: z.string().regex(/^[0-9a-f]{24}:[a-z_]{1,40}:\d{1,9}$/, 'must be the id of an email'),
  key: actionKey,
});

/** A repeat with the same key sends no second email. */
export const sendPaymentLinkInput = z.strictObject({ id: objectId, key: actionKey });

export const correctionParts = {
  /** The fields that are different from the checkout; the price stays as it was paid. */
  differs: z.array(
    z.strictObject({
      of: z.enum(['contact', 'address']),
      field: z.enum([...CONTACT_FIELDS, ...ADDRESS_FIELDS]),
      atCheckout: z.string().nullable(),
      now: z.string().nullable(),
    }),
  ),
  /** The values that each correction replaced, oldest first, until they are emptied. */
  corrections: z.array(
    z.strictObject({
      at: instant,
      by: actorView,
      was: z.strictObject({
        email: z.string().optional(),
        name: z.string().optional(),
        phone: z.string().optional(),
        address: addressView.optional(),
      }),
    }),
  ),
  notes: z.array(z.strictObject({ id: z.string(), at: instant, by: actorView, text: z.string() })).max(MAX_NOTES),
  tags: z.array(z.string()).max(MAX_TAGS),
};
