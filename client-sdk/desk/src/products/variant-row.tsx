import { isOrdersError, type StockPreview } from '@orders-module/client';
import { useState } from 'react';
import { pricesOf } from '../../../../models/contract/pricing/price-in.ts';
import { useMay } from '../../../parts/data/account.ts';
import { client } from '../../../parts/data/client.ts';
import { FormError } from '../../../parts/data/errors.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import type { StaffProductDetail } from '../data/products.ts';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { ArchiveVariant, EditVariant } from './edit-variant.tsx';
import { StockLedger } from './stock-ledger.tsx';

type Variant = StaffProductDetail['variants'][number];

interface VariantProps {
  variant: Variant;
  onDone: () => void;
}

export function VariantRow({ variant, onDone }: VariantProps) {
  const mayEdit = useMay('editCatalogue');
  const mayCount = useMay('adjustStock');
  const { sku, title, stock, reserved, lowStock, archived } = variant;
  return (
    <li className="entry variant">
      <div>
        <p className="entry-title">
          <bdi>{title}</bdi> <span className="code">{sku}</span>{' '}
          {archived ? <span className="badge">archived</span> : null}
          {lowStock ? <span className="badge badge-warn">low</span> : null}
        </p>
        <p>
          {pricesOf(variant).map((price, index) => (
            <span key={price.currency}>
              {index === 0 ? '' : ' or '}
              <Money {...price} />
            </span>
          ))}{' '}
          · {stock} free to sell
          {reserved === 0 ? '' : `, ${reserved} reserved`}
        </p>
        <StockLedger variantId={variant.id} sku={sku} />
      </div>
      <div className="actions">
        {mayCount ? <CountStock variant={variant} onDone={onDone} /> : null}
        {mayCount ? <AdjustStock variant={variant} onDone={onDone} /> : null}
        {mayEdit && !archived ? <EditVariant variant={variant} onDone={onDone} /> : null}
        {mayEdit ? <ArchiveVariant variant={variant} onDone={onDone} /> : null}
      </div>
    </li>
  );
}

const wholeOf = (form: FormData, name: string) => {
  const number = Number(String(form.get(name) ?? '').trim());
  if (!Number.isSafeInteger(number)) throw new FormError('Write a whole number of units.');
  return number;
};

/** The effects for the fields as they are; null while there are none to show. */
function useStockPreview(load: (form: FormData) => Promise<StockPreview>) {
  const [preview, setPreview] = useState<StockPreview | null>(null);
  const follow = (form: HTMLFormElement) => {
    setPreview(null);
    if (form.matches(':valid')) load(new FormData(form)).then(setPreview, () => setPreview(null));
  };
  const showOutdated = (error: unknown) => {
    if (isOrdersError(error, 'PREVIEW_OUTDATED')) setPreview(null);
  };
  return { preview, follow, showOutdated };
}

function StockEffects({ of: preview }: { of: StockPreview | null }) {
  if (preview === null) return null;
  const { why, reserved, toShip } = preview;
  const { from: freeBefore, to: freeAfter } = preview.stock;
  const { from: thereBefore, to: thereAfter } = preview.shelf;
  if (why !== null) return <p className="line-problem">Not possible now: {why}.</p>;
  return (
    <div className="effects" role="status">
      <p>
        Free to sell: {freeBefore} → <strong>{freeAfter}</strong>
      </p>
      <p className="faint">
        On the shelf: {thereBefore} → {thereAfter}, of which {toShip} wait to be shipped and {reserved} are reserved.
      </p>
    </div>
  );
}

function CountStock({ variant: { id: variantId, sku, stock: shown }, onDone }: VariantProps) {
  const inputOf = (form: FormData) => ({ variantId, counted: wholeOf(form, 'counted'), shown });
  const { preview, follow, showOutdated } = useStockPreview(async (form) =>
    client.admin.previewCountStock.mutate(inputOf(form)),
  );
  return (
    <ConfirmAction
      label="Count"
      about={sku}
      title={`What lies on the shelf of ${sku}?`}
      working="Saving…"
      act={async (form, key) =>
        client.admin.countStock.mutate({
          ...inputOf(form),
          key,
          ...(preview === null ? {} : { expect: preview.digest }),
        })
      }
      done={({ stock }) => `Counted: ${stock} free to sell.`}
      onDone={onDone}
      onFields={follow}
      onFailed={showOutdated}
    >
      <p>Count all units that are there, also those that wait for orders.</p>
      <TextField
        label="Units on the shelf"
        name="counted"
        type="number"
        min={0}
        step={1}
        required
        inputMode="numeric"
      />
      <StockEffects of={preview} />
    </ConfirmAction>
  );
}

function AdjustStock({ variant: { id: variantId, sku }, onDone }: VariantProps) {
  const { preview, follow } = useStockPreview(async (form) =>
    client.admin.previewAdjustStock.mutate({ variantId, delta: wholeOf(form, 'delta') }),
  );
  return (
    <ConfirmAction
      label="Add or remove"
      about={`units of ${sku}`}
      title={`Add or remove units of ${sku}`}
      working="Saving…"
      act={async (form, key) =>
        client.admin.adjustStock.mutate({
          variantId,
          delta: wholeOf(form, 'delta'),
          reason: String(form.get('reason') ?? '').trim(),
          key,
        })
      }
      done={({ stock }) => `Saved: ${stock} free to sell.`}
      onDone={onDone}
      onFields={follow}
    >
      <TextField label="Units, with − for fewer" name="delta" type="number" step={1} required />
      <TextField label="Reason, for our own books" name="reason" required maxLength={200} autoComplete="off" />
      <StockEffects of={preview} />
    </ConfirmAction>
  );
}
