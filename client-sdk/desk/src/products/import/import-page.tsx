/** Products from a CSV: every row is checked and its change shown before anything is imported. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { DownloadButton } from '../../../../parts/ui/download-button.tsx';
import { Icon } from '../../../../parts/ui/icon.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { decodeText } from '../../data/csv.ts';
import { digestOf, readProductRows } from './import-rows.ts';
import { checkFile, type ImportChoice, importFile, type ProductState } from './run-import.ts';

export function ImportPage() {
  const [choice, setChoice] = useState<(ImportChoice & { name: string }) | null>(null);
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/products">
          <Icon name="back" />
          Products
        </Link>
      </p>
      <PageTitle title="Import products" />
      {choice === null ? (
        <FileForm onChoice={setChoice} />
      ) : (
        <Checked key={`${choice.digest} ${choice.withStock}`} choice={choice} onLeave={() => setChoice(null)} />
      )}
    </div>
  );
}

function FileForm({ onChoice }: { onChoice: (choice: ImportChoice & { name: string }) => void }) {
  const [withStock, setWithStock] = useState(false);
  const [isOver, setOver] = useState(false);
  const read = useMutation({
    mutationFn: async (file: File) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return { file: readProductRows(decodeText(bytes)), digest: await digestOf(bytes), withStock, name: file.name };
    },
    onSuccess: onChoice,
  });
  const start = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined) read.mutate(file);
  };
  return (
    <div className="panel form">
      <p>
        A CSV with a line for each variant, as the download has it. An empty cell keeps what the shop has; a product
        that the shop does not know is made. “none” as the other prices takes them out. Nothing is changed before you
        have seen what changes.
      </p>
      <label className="check">
        <input type="checkbox" checked={withStock} onChange={({ target }) => setWithStock(target.checked)} />
        <span>
          Also set the stock of variants that are in the shop
          <span className="field-hint"> Units that were sold since the file was made would be for sale again.</span>
        </span>
      </label>
      <label
        className={isOver ? 'drop-area drop-area-over' : 'drop-area'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          start(event.dataTransfer.files);
        }}
      >
        <strong>Choose a CSV file</strong>
        <span className="faint">Or drop it here. At most 100,000 rows, in UTF-8.</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          className="visually-hidden"
          onChange={({ currentTarget }) => {
            start(currentTarget.files);
            currentTarget.value = '';
          }}
        />
      </label>
      {read.isError ? <ErrorNotice error={read.error} /> : null}
      <DownloadButton path="/admin/products/list.csv" fileName="products.csv">
        Download CSV
      </DownloadButton>
    </div>
  );
}

/** Of a longer file, the rest is counted alone. */
const SHOWN = 200;

function Checked({ choice, onLeave }: { choice: ImportChoice & { name: string }; onLeave: () => void }) {
  const queryClient = useQueryClient();
  const [states, setStates] = useState<ReadonlyMap<string, ProductState>>(new Map());
  const [part, setPart] = useState(0);
  const stopping = useRef(new AbortController());
  useEffect(() => () => stopping.current.abort(), []);
  const follow = () => {
    stopping.current = new AbortController();
    setPart(0);
    return { onPart: setPart, onStates: setStates, signal: stopping.current.signal };
  };
  const check = useMutation({ mutationFn: () => checkFile(choice, follow()) });
  const run = useMutation({
    mutationFn: () => importFile(choice, states, follow()),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['staff', 'products'] }),
  });
  const { mutate: checkAgain } = check;
  useEffect(() => checkAgain(), [checkAgain]);
  const isWorking = check.isPending || run.isPending;
  const all = [...states.values()];
  const ready = all.filter(({ state }) => state === 'new' || state === 'changed').length;
  const isUncertain = all.some(({ state }) => state === 'outdated' || state === 'unknown');
  return (
    <>
      <p role="status">
        <bdi>{choice.name}</bdi>, {counted(choice.file.rows, 'row')}:{' '}
        {isWorking ? (check.isPending ? 'checking…' : 'importing…') : summaryOf(all)}
      </p>
      {isWorking ? (
        <progress
          className="import-progress"
          aria-label="Parts of the file that are done"
          max={Math.max(1, choice.file.parts.length)}
          value={part}
        />
      ) : null}
      {[check, run].map(({ error }, at) =>
        error === null ? null : <ErrorNotice key={at ? 'run' : 'check'} error={error} />,
      )}
      <div className="actions">
        {ready === 0 || check.isError ? null : (
          <Button busy={run.isPending ? 'Importing…' : check.isPending && 'Checking…'} onClick={() => run.mutate()}>
            Import {counted(ready, 'product')}
          </Button>
        )}
        {isUncertain || check.isError ? (
          <Button look="secondary" disabled={isWorking} onClick={() => check.mutate()}>
            Check again
          </Button>
        ) : null}
        <Button look="secondary" onClick={isWorking ? () => stopping.current.abort() : onLeave}>
          {isWorking ? 'Stop' : 'Another file'}
        </Button>
      </div>
      {isWorking ? null : <Changes states={all} />}
    </>
  );
}

const STATE_WORDS = {
  fault: ['Fault', 'bad'],
  unknown: ['Unknown', 'warn'],
  outdated: ['Changed meanwhile', 'warn'],
  new: ['New', 'info'],
  changed: ['Changes', 'info'],
  done: ['Imported', 'good'],
  same: ['As it is', 'info'],
} as const;

const ORDER = Object.keys(STATE_WORDS) as ProductState['state'][];

function Changes({ states }: { states: readonly ProductState[] }) {
  const told = states.filter(({ state }) => state !== 'same');
  const sorted = [...told].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  if (sorted.length === 0) return null;
  return (
    <>
      <ul className="order-list import-list">
        {sorted.slice(0, SHOWN).map((one) => (
          <Change key={one.product} of={one} />
        ))}
      </ul>
      {sorted.length > SHOWN ? <p className="faint">And {counted(sorted.length - SHOWN, 'more product')}.</p> : null}
    </>
  );
}

function Change({ of: { product, rows, state, effects, faults } }: { of: ProductState }) {
  const [words, tone] = STATE_WORDS[state];
  const lines = state === 'fault' ? faults.map(({ row, message }) => `Row ${row}: ${message}`) : effects;
  return (
    <li className="panel import-change">
      <p>
        <span className={`badge badge-${tone}`}>{words}</span>{' '}
        <strong>{product === '' ? 'No product named' : product}</strong>{' '}
        <span className="faint">{rows.length === 1 ? `row ${rows[0]}` : `rows ${rows[0]} to ${rows.at(-1)}`}</span>
      </p>
      <ul className="plain-list">
        {lines.map((line) => (
          <li key={line} className={state === 'fault' ? 'line-problem' : undefined}>
            <bdi>{line}</bdi>
          </li>
        ))}
      </ul>
    </li>
  );
}

function summaryOf(states: readonly ProductState[]): string {
  const count = (wanted: ProductState['state']) => states.filter(({ state }) => state === wanted).length;
  const parts = [
    [count('done'), 'imported'],
    [count('new'), 'new'],
    [count('changed'), 'to change'],
    [count('outdated'), 'changed by somebody else meanwhile'],
    [count('unknown'), 'of unknown outcome'],
    [count('fault'), 'with faults, which stay as they are'],
    [count('same'), 'as it is in the shop'],
  ] as const;
  const said = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${counted(number, 'product')} ${what}`]));
  return said.length === 0 ? 'nothing was checked.' : `${said.join(', ')}.`;
}

function counted(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
