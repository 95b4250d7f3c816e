/** Checks and ships rows in parts. A part that fails as a whole leaves the others as they are. */
import { isOrdersError, type ShipManyOutput } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { hasChangedNothing, sayError, sayFailedChange } from '../../../parts/data/errors.ts';
import { inParts, inputOf, type ShippingRow } from './shipping-rows.ts';

export interface RowState {
  /** `unknown`: the call failed, and the parcel may have been shipped all the same. */
  state: 'ready' | 'done' | 'done_before' | 'refused' | 'unknown';
  /** A sentence for a refused row, the effects for one that is ready. */
  text: string;
  /** Of the preview that was shown. */
  digest?: string;
  orderId?: string;
}

export type RowStates = ReadonlyMap<string, RowState>;

const refused = (text: string): RowState => ({ state: 'refused', text });

export async function checkRows(rows: readonly ShippingRow[]): Promise<RowStates> {
  const states = new Map<string, RowState>();
  for (const part of inParts(usable(rows, states))) {
    try {
      const { rows: answers } = await client.admin.previewShipMany.mutate({ rows: part.map(inputOf) });
      for (const [at, { key }] of part.entries()) states.set(key, stateOfCheck(answers[at]));
    } catch (error) {
      // One row that cannot be read refuses its whole part: then each is checked alone.
      if (isOrdersError(error, 'INVALID_INPUT') && part.length > 1)
        for (const row of part) for (const [key, state] of await checkRows([row])) states.set(key, state);
      else for (const { key } of part) states.set(key, refused(sayError(error)));
    }
  }
  return states;
}

/** Without rows that the server would refuse unread, which get their reason here. */
function usable(rows: readonly ShippingRow[], states: Map<string, RowState>): ShippingRow[] {
  return rows.filter(({ key, code }) => {
    if (/^[\s#]*[\dA-Za-z][\dA-Za-z\s-]{3,30}$/.test(code)) return true;
    states.set(key, refused('That is no order number.'));
    return false;
  });
}

type Check = Awaited<ReturnType<typeof client.admin.previewShipMany.mutate>>['rows'][number];

function stateOfCheck(check: Check | undefined): RowState {
  if (check === undefined || check.outcome === 'refused') return refused(sentence(check?.error?.message));
  const { order, preview, outcome } = check;
  const named = order === null ? {} : { orderId: order.id };
  if (outcome === 'done_before') return { state: 'done_before', text: 'Shipped before, with this number.', ...named };
  const units = preview?.units.map(({ quantity, sku }) => `${quantity} × ${sku}`).join(', ') ?? '';
  const email = preview?.emails[0] === undefined ? '' : `; ${preview.emails[0].to} gets an email`;
  return {
    state: 'ready',
    text: `${units}${email}`,
    ...named,
    ...(preview === null ? {} : { digest: preview.digest }),
  };
}

export async function shipRows(
  rows: readonly ShippingRow[],
  checked: RowStates,
  onPart: (states: RowStates) => void,
): Promise<void> {
  const states = new Map(checked);
  const ready = rows.filter(({ key }) => checked.get(key)?.state === 'ready');
  for (const part of inParts(ready)) {
    try {
      const input = part.map((row) => {
        const expect = checked.get(row.key)?.digest;
        return { ...inputOf(row), key: row.key, ...(expect === undefined ? {} : { expect }) };
      });
      const { rows: answers } = await client.admin.shipMany.mutate({ rows: input });
      for (const [at, { key }] of part.entries()) states.set(key, stateOfShipping(answers[at]));
    } catch (error) {
      const state = hasChangedNothing(error) ? 'refused' : 'unknown';
      for (const { key } of part) states.set(key, { state, text: sayFailedChange(error) });
    }
    onPart(new Map(states));
  }
}

function stateOfShipping(answer: ShipManyOutput['rows'][number] | undefined): RowState {
  if (answer === undefined || answer.outcome === 'refused') return refused(sentence(answer?.error?.message));
  const named = answer.order === null ? {} : { orderId: answer.order.id };
  if (answer.outcome === 'done_before') return { state: 'done_before', text: 'Shipped before.', ...named };
  return { state: 'done', text: 'Shipped. The customer is told by email.', ...named };
}

function sentence(message = 'no answer came for this row'): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
