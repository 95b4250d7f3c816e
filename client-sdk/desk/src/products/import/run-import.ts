/** Checks and imports a file part by part. A part that fails as a whole leaves the others as they are. */
import {
  type ImportedProduct,
  isConnectionError,
  isOrdersError,
  type ProductImportOutcome,
} from '@orders-module/client';
import { client } from '../../../../parts/data/client.ts';
import { hasChangedNothing, sayError, sayFailedChange } from '../../../../parts/data/errors.ts';
import type { Fault, ImportFile, ImportRow } from './import-rows.ts';

export interface ProductState {
  product: string;
  rows: readonly number[];
  /** `unknown`: the call failed, and an import may have been done all the same. */
  state: 'new' | 'changed' | 'same' | 'fault' | 'done' | 'outdated' | 'unknown';
  /** The changes, made or to be made. */
  effects: readonly string[];
  faults: readonly Fault[];
  digest?: string;
}

export interface ImportChoice {
  file: ImportFile;
  digest: string;
  withStock: boolean;
}

export interface Follow {
  /** Parts of the file that are done. */
  onPart: (parts: number) => void;
  /** Receives all that is known at the end, also where it fails. */
  onStates: (states: ReadonlyMap<string, ProductState>) => void;
  signal: AbortSignal;
}

type States = Map<string, ProductState>;

export async function checkFile({ file, digest, withStock }: ImportChoice, follow: Follow): Promise<void> {
  const states: States = new Map();
  for (const [product, { rows, faults }] of file.faults)
    states.set(product, { product, rows, state: 'fault', effects: [], faults });
  await inTurn(file.parts, follow, states, sayError, async (rows) => {
    const { products } = await client.admin.previewImport.mutate({ file: digest, withStock, rows });
    for (const one of products) states.set(one.product, toState(one, one.change));
  });
}

/** Imports the products that were new or changed. */
export async function importFile(
  { file, digest, withStock }: ImportChoice,
  checked: ReadonlyMap<string, ProductState>,
  follow: Follow,
): Promise<void> {
  const states: States = new Map(checked);
  const isReady = ({ product }: ImportRow) => /^(new|changed)$/.test(checked.get(product.trim())?.state ?? '');
  const parts = file.parts.map((rows) => rows.filter(isReady)).filter((rows) => rows.length > 0);
  await inTurn(parts, follow, states, sayFailedChange, async (rows, isRepeat) => {
    const expect = [...new Set(rows.map(({ product }) => product.trim()))].flatMap((product) => {
      const shown = checked.get(product)?.digest;
      return shown === undefined ? [] : [{ product, digest: shown }];
    });
    const { products } = await client.admin.importProducts.mutate({ file: digest, withStock, rows, expect });
    for (const one of products) {
      const before = checked.get(one.product);
      // The call whose answer was lost has imported it.
      const isDone = isRepeat && one.outcome === 'same' && before !== undefined;
      states.set(one.product, isDone ? { ...before, state: 'done' } : toState(one, one.outcome));
    }
  });
}

type PartWork = (rows: ImportRow[], isRepeat: boolean) => Promise<void>;

async function inTurn(
  parts: readonly ImportRow[][],
  { onPart, onStates, signal }: Follow,
  states: States,
  say: (error: unknown) => string,
  work: PartWork,
): Promise<void> {
  try {
    for (const [index, rows] of parts.entries()) {
      if (signal.aborted) return;
      try {
        await withPatience((isRepeat) => work(rows, isRepeat), signal);
      } catch (error) {
        // After the sign-in it goes on with the products that are left.
        if (isOrdersError(error, 'UNAUTHENTICATED')) throw error;
        for (const row of rows)
          if (hasChangedNothing(error)) addFault(states, row, say(error));
          else addUnknown(states, row, say(error));
      }
      onPart(index + 1);
    }
  } finally {
    onStates(states);
  }
}

function addUnknown(states: States, { product: cell, row }: ImportRow, message: string): void {
  const product = cell.trim();
  const known = states.get(product);
  const rows = known?.state === 'unknown' ? known.rows : [];
  states.set(product, { product, rows: [...rows, row], state: 'unknown', effects: [message], faults: [] });
}

function addFault(states: States, { product: cell, row }: ImportRow, message: string): void {
  const product = cell.trim();
  const known = states.get(product);
  const others = known?.state === 'fault' ? known : { rows: [], faults: [] };
  states.set(product, {
    product,
    rows: [...others.rows, row],
    state: 'fault',
    effects: [],
    faults: others.faults.length > 0 ? others.faults : [{ row, message }],
  });
}

/** Of a part without an answer. A check and an import may be repeated. */
const MAX_UNANSWERED = 3;

/** A long file makes more calls than the shop takes in a minute: then it says how long to wait. */
async function withPatience<T>(work: (isRepeat: boolean) => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let unanswered = 0; ; )
    try {
      return await work(unanswered > 0);
    } catch (error) {
      if (signal.aborted) throw error;
      if (isOrdersError(error, 'RATE_LIMITED') || isOrdersError(error, 'OVERLOADED'))
        await pause(error.data.details.retryAfterMs + 100);
      else if (!isConnectionError(error) || ++unanswered === MAX_UNANSWERED) throw error;
      // A shop that starts anew refuses connections for a moment.
      else await pause(unanswered * 1_000);
    }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function toState(
  { product, rows, effects, faults, digest }: ImportedProduct,
  state: ImportedProduct['change'] | ProductImportOutcome['outcome'],
): ProductState {
  return { product, rows, state, effects, faults, digest };
}
