/** Ships many orders at once: from a CSV, pasted rows, or orders chosen in the list. Nothing is shipped before it was checked. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { sayError } from '../../../parts/data/errors.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { TextAreaField } from '../../../parts/ui/field.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { checkRows, type RowState, type RowStates, shipRows } from './ship-rows.ts';
import { readShippingRows, type ShippingRow, toRow } from './shipping-rows.ts';

export function ShipManyPage() {
  const { orders } = useSearch({ from: '/ship-many' });
  const [rows, setRows] = useState<readonly ShippingRow[]>(() => orders?.split(',').map(toRow) ?? []);
  return (
    <div className="page">
      <PageTitle title="Ship many" />
      <p className="lead">
        A CSV or copied rows with the columns code, carrier and tracking. Leave the carrier empty for our own rider.
      </p>
      {rows.length === 0 ? <RowsForm onRows={setRows} /> : <Rows rows={rows} onRows={setRows} />}
    </div>
  );
}

function RowsForm({ onRows }: { onRows: (rows: ShippingRow[]) => void }) {
  const [error, setError] = useState<unknown>(null);
  const read = async (text: string) => {
    try {
      const rows = await readShippingRows(text);
      setError(rows.length === 0 ? new Error('empty') : null);
      onRows(rows);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <form
      className="panel form"
      onSubmit={(event) => {
        event.preventDefault();
        void read(String(new FormData(event.currentTarget).get('rows') ?? ''));
      }}
    >
      {error === null ? null : (
        <Notice tone="bad" role="alert">
          {error instanceof Error && error.message === 'empty'
            ? 'There is no row with an order in it.'
            : sayError(error)}
        </Notice>
      )}
      <div className="field">
        <label htmlFor="rows-file">A CSV file</label>
        <input
          id="rows-file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          onChange={(event) => void event.currentTarget.files?.[0]?.text().then(read)}
        />
      </div>
      <TextAreaField
        label="Or paste the rows"
        name="rows"
        rows={6}
        hint="For example: 7F3K9Q2M,GIG Logistics,GIG-12345"
      />
      <Button type="submit">Check the rows</Button>
    </form>
  );
}

interface RowsProps {
  rows: readonly ShippingRow[];
  onRows: (rows: readonly ShippingRow[]) => void;
}

function Rows({ rows, onRows }: RowsProps) {
  const queryClient = useQueryClient();
  const [states, setStates] = useState<RowStates>(new Map());
  const check = useMutation({ mutationFn: checkRows, onSuccess: setStates });
  const ship = useMutation({
    mutationFn: () => shipRows(rows, states, setStates),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['staff', 'orders'] }),
  });
  const { mutate: checkAgain } = check;
  useEffect(() => checkAgain(rows), [checkAgain, rows]);
  const count = (wanted: RowState['state']) => [...states.values()].filter(({ state }) => state === wanted).length;
  const [ready, done, refused, unknown] = [count('ready'), count('done'), count('refused'), count('unknown')];
  const edit = (key: string, change: Partial<ShippingRow>) =>
    onRows(rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  return (
    <>
      {ship.isError ? <ErrorNotice error={ship.error} ofChange /> : null}
      <p role="status" className="ship-state">
        {check.isPending
          ? 'Checking the rows…'
          : summary({ ready, done, refused, unknown, before: count('done_before') })}
      </p>
      <table className="table ship-table">
        <thead>
          <tr>
            <th scope="col">Order</th>
            <th scope="col">Carrier</th>
            <th scope="col">Tracking number</th>
            <th scope="col">What happens</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} state={states.get(row.key)} onEdit={(change) => edit(row.key, change)} />
          ))}
        </tbody>
      </table>
      <div className="actions ship-actions">
        {ready === 0 ? null : (
          <Button busy={ship.isPending ? 'Shipping…' : check.isPending && 'Checking…'} onClick={() => ship.mutate()}>
            Ship {ready === 1 ? '1 order' : `${ready} orders`}
          </Button>
        )}
        {unknown === 0 ? null : (
          <Button look="secondary" disabled={ship.isPending || check.isPending} onClick={() => checkAgain(rows)}>
            Check again
          </Button>
        )}
        <Button look="secondary" onClick={() => onRows([])} disabled={ship.isPending}>
          Other rows
        </Button>
        <Link to="/orders" className="button button-quiet">
          To the orders
        </Link>
      </div>
    </>
  );
}

function summary(of: Record<'ready' | 'done' | 'refused' | 'unknown' | 'before', number>): string {
  const parts = [
    [of.done, 'shipped'],
    [of.ready, 'ready'],
    [of.before, 'shipped before'],
    [of.refused, 'refused'],
    [of.unknown, 'of unknown outcome'],
  ] as const;
  return parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ');
}

const TONES = { ready: 'info', done: 'good', done_before: 'info', refused: 'bad', unknown: 'warn' } as const;
const STATE_WORDS = {
  ready: 'Ready',
  done: 'Shipped',
  done_before: 'Shipped before',
  refused: 'Refused',
  unknown: 'Unknown',
} as const;

interface RowProps {
  row: ShippingRow;
  state: RowState | undefined;
  onEdit: (change: Partial<ShippingRow>) => void;
}

function Row({ row: { code, carrier, trackingNumber }, state, onEdit }: RowProps) {
  const isOpen = state === undefined || state.state === 'ready' || state.state === 'refused';
  return (
    <tr>
      <th scope="row" className="cell-code">
        {state?.orderId === undefined ? (
          <span className="code">{code}</span>
        ) : (
          <Link to="/orders/$id" params={{ id: state.orderId }}>
            <span className="code">{code}</span>
          </Link>
        )}
      </th>
      <td>
        <Cell
          isOpen={isOpen}
          label={`Carrier of ${code}`}
          value={carrier}
          onChange={(text) => onEdit({ carrier: text })}
        />
      </td>
      <td>
        <Cell
          isOpen={isOpen}
          label={`Tracking number of ${code}`}
          value={trackingNumber}
          onChange={(text) => onEdit({ trackingNumber: text })}
        />
      </td>
      <td>{state === undefined ? <span className="faint">…</span> : <State of={state} />}</td>
    </tr>
  );
}

function State({ of: { state, text } }: { of: RowState }): ReactNode {
  return (
    <>
      <span className={`badge badge-${TONES[state]}`}>{STATE_WORDS[state]}</span> <span className="faint">{text}</span>
    </>
  );
}

interface CellProps {
  isOpen: boolean;
  label: string;
  value: string;
  onChange: (text: string) => void;
}

/** Taken when it is left: each change checks the rows again. */
function Cell({ isOpen, label, value, onChange }: CellProps) {
  if (!isOpen) return value === '' ? <span className="faint">none</span> : value;
  return (
    <input
      key={value}
      type="text"
      className="cell-input"
      aria-label={label}
      placeholder={label.replace(/ of .*/, '')}
      defaultValue={value}
      maxLength={100}
      autoComplete="off"
      onBlur={({ target }) => (target.value.trim() === value ? undefined : onChange(target.value.trim()))}
    />
  );
}
