import type { EmailLooks } from '../looks.ts';

/** An email before it is laid out. */
export interface Message {
  subject: string;
  heading: string;
  /** Shown in the inbox beside the subject. */
  preview: string;
  paragraphs: string[];
  /** Label and value pairs, e.g. a tracking number. */
  facts: [label: string, value: string][];
  /** Each with a title, e.g. what is in a parcel. */
  lists?: [title: string, items: string[]][];
  /** The next step for the reader, in one or two sentences. */
  next: string;
  /** The first is shown as a button. */
  actions: [Action, ...Action[]];
}

export interface Action {
  label: string;
  url: string;
}

export interface Links {
  order: string;
  refillCart: string;
}

export const BANK_DAYS = 'Banks take up to 10 working days to show it on the card or account that you paid with.';

/** The end of an email. */
export interface Signature {
  shopName: string;
  /** As one line; may be empty. */
  contact: string;
  looks: EmailLooks;
}
