/**
 * Bodies as clients of Paystack send them: JSON or a form (`refund_account_details[bank_id]=9`). Either comes without a content
 * type too, or with that of the other, because HTTP clients set one of their own.
 */
import { Refusal } from '../ledger/refusal.ts';

type Members = Record<string, unknown>;

/** A name may not reach the prototype of the objects that it is put into. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 5;

/** `a[b][]` is ['a', 'b', '']; null for a name that is none. */
function pathOf(name: string): string[] | null {
  const [, first, rest] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  if (first === undefined || rest === undefined) return null;
  const path = [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)];
  return path.length > MAX_DEPTH || path.some((key) => FORBIDDEN.has(key)) ? null : path;
}

function put(members: Members, [key = '', ...rest]: string[], value: string): void {
  const name = key === '' ? String(Object.keys(members).length) : key;
  if (rest.length === 0) {
    members[name] = value;
    return;
  }
  const inner = members[name];
  const into: Members = typeof inner === 'object' && inner !== null ? (inner as Members) : {};
  members[name] = into;
  put(into, rest, value);
}

/** `channels[]=card&channels[]=ussd` and `channels[0]=card` are lists. */
function withLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, withLists(member)] as const);
  const isList = entries.length > 0 && entries.every(([key], at) => key === String(at));
  return isList ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

function readForm(text: string): Members {
  const members: Members = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    if (path !== null) put(members, path, value);
  }
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, withLists(value)]));
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Throws Refusal for JSON that cannot be read. A text that is neither JSON nor a form has no members. */
export function readBody(body: unknown, contentType: string): Members {
  const text = Buffer.isBuffer(body) ? body.toString('utf8').trim() : '';
  if (text === '') return {};
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType);
  if (!isJson && !text.startsWith('{')) return readForm(text);
  try {
    return membersOf(JSON.parse(text));
  } catch {
    throw new Refusal(400, 'invalid_json', 'The request could not be read');
  }
}
