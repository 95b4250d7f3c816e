/** The tokens under which an order is found. Pure; the parser of searches folds text by the same rules. */
import type { OrderList } from '../contract/desk/order-lists.ts';
import { addressOf, contactOf } from '../order/contact.ts';
import type { Address, Order, Shipment } from '../order/order-document.ts';
import { listOf } from '../order/queries/order-lists.ts';
import { compactChunks, compactText, foldText, piecesOf } from './fold-text.ts';
import { phoneDigits, phoneEndings } from './phone-digits.ts';

/** The beginnings of a code that are tokens: a shorter one would match thousands of orders. */
export const CODE_BEGINNING = { least: 4, most: 20 } as const;
/** Characters of a token's text; longer ones are cut, in a search as well. */
const MAX_TEXT = 64;
/** Tokens of one order: 100 lines of different products and SKUs, and as many again. */
export const MAX_TOKENS = 384;

type SearchedAddress = Pick<Address, 'name' | 'phone' | 'country'>;

export type SearchedOrder = Pick<
  Order,
  '_id' | 'code' | 'status' | 'paymentStatus' | 'version' | 'contactSnapshot' | 'contact' | 'tags' | 'paidReference'
> & {
  shipments?: Pick<Shipment, 'trackingNumber'>[];
  shippingAddressSnapshot: SearchedAddress;
  deliverTo?: SearchedAddress;
  items: {
    variantSnapshot: { sku: string };
    productSnapshot: Pick<Order['items'][number]['productSnapshot'], 'productId'>;
  }[];
  delivery: Pick<Order['delivery'], 'methodId'>;
  payments: Pick<Order['payments'][number], 'reference' | 'channel'>[];
};

const token = (kind: string, text: string) => `${kind}:${[...text].slice(0, MAX_TEXT).join('')}`;

/** Names, SKUs, tracking numbers and parts of emails: the words of a search may come from any of them. */
export const wordToken = (word: string) => token('w', word);
/** `code` as compactText writes it. */
export const codeToken = (code: string) => token('c', code);
export const emailToken = (email: string) => token('e', foldText(email).trim());
export const phoneToken = (digits: string) => token('p', digits);
export const statusToken = (status: string) => token('st', status);
export const tagToken = (tag: string) => token('tag', foldText(tag));
export const channelToken = (channel: string) => token('ch', foldText(channel));
export const listToken = (list: OrderList) => token('in', list);
export const productToken = (productId: string) => token('pr', productId);
export const deliveryToken = (methodId: string) => token('dm', methodId);

/** At most MAX_TOKENS, each once; the first ones identify the order best. */
export function toSearchTokens(order: SearchedOrder): string[] {
  const [contact, address] = [contactOf(order), addressOf(order)];
  const tokens = [
    statusToken(order.status),
    ...listTokens(order),
    deliveryToken(order.delivery.methodId),
    ...channelTokens(order),
    ...(order.tags ?? []).map(tagToken),
    ...codeTokens(order.code),
    ...emailTokens(contact.email),
    ...phoneDigits(address.phone, address.country).flatMap((digits) =>
      [digits, ...phoneEndings(digits)].map(phoneToken),
    ),
    ...(order.shipments ?? []).flatMap(({ trackingNumber }) => wholeAndChunks(trackingNumber ?? '')),
    ...[contact.name, address.name].flatMap(nameTokens),
    ...order.items.map(({ productSnapshot }) => productToken(String(productSnapshot.productId))),
    ...order.items.flatMap(({ variantSnapshot }) => wholeAndChunks(variantSnapshot.sku)),
  ];
  return [...new Set(tokens)].slice(0, MAX_TOKENS);
}

function listTokens(order: SearchedOrder): string[] {
  const list = listOf(order);
  return list === null ? [] : [listToken(list)];
}

/** Of the charge that pays the order; none while nothing does. */
function channelTokens({ payments, paidReference }: SearchedOrder): string[] {
  const channel = payments.find(({ reference }) => reference === paidReference)?.channel;
  return channel ? [channelToken(channel)] : [];
}

function codeTokens(code: string): string[] {
  const characters = compactText(code).slice(0, CODE_BEGINNING.most);
  const lengths = Array.from({ length: characters.length }, (_, index) => index + 1);
  return lengths
    .filter((length) => length >= CODE_BEGINNING.least || length === characters.length)
    .map((length) => codeToken(characters.slice(0, length)));
}

/** The whole, the local part and its pieces, the domain and its first label. */
function emailTokens(email: string): string[] {
  const [local = '', domain = ''] = splitEmail(email);
  const words = [compactText(local), ...piecesOf(local), compactText(domain), ...piecesOf(domain).slice(0, 1)];
  return [emailToken(email), ...words.filter((word) => word !== '').map(wordToken)];
}

/** At the last @, because the local part may hold one in quotes. */
export function splitEmail(email: string): [local: string, domain: string] {
  const at = email.lastIndexOf('@');
  return at === -1 ? [email, ''] : [email.slice(0, at), email.slice(at + 1)];
}

/** `Obi-O'Neill` is found by obi, by oneill, by neill and by obioneill. */
function nameTokens(name: string): string[] {
  const parts = name.replace(/\p{Pd}/gu, ' ');
  return [...compactChunks(name), ...compactChunks(parts), ...piecesOf(name)].map(wordToken);
}

function wholeAndChunks(text: string): string[] {
  return [compactText(text), ...compactChunks(text)].filter((word) => word !== '').map(wordToken);
}
