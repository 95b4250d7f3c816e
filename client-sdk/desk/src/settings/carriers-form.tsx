import { useRef, useState } from 'react';
import { client } from '../../../parts/data/client.ts';
import type { FieldErrors } from '../../../parts/data/errors.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { FieldScope, TextField } from '../../../parts/ui/field.tsx';
import { type CarrierRow, type Carriers, readCarriers } from '../data/shop-settings.ts';
import { SettingsForm } from './settings-form.tsx';

/** Equal to the server's limit. */
const MAX_CARRIERS = 50;

export function CarriersForm({ stored }: { stored: Carriers }) {
  return (
    <SettingsForm
      id="carriers"
      title="Carriers"
      stored={stored}
      save={(form, version) => client.admin.setCarriers.mutate({ version, carriers: readCarriers(form) })}
      done="Saved. Parcels that left before keep their links."
    >
      {({ carriers }, errors) => <Rows stored={carriers} errors={errors} />}
    </SettingsForm>
  );
}

function Rows({ stored, errors }: { stored: readonly CarrierRow[]; errors: FieldErrors }) {
  const [rows, setRows] = useState(() => stored.map((carrier, key) => ({ ...carrier, key })));
  const nextKey = useRef(stored.length);
  const add = () => {
    nextKey.current += 1;
    setRows([...rows, { name: '', key: nextKey.current }]);
  };
  return (
    <>
      <p className="faint">
        Offered when a parcel is shipped. With a link, customers can follow their parcel; write{' '}
        <code>{'{tracking}'}</code> in the place of its number.
      </p>
      {rows.length === 0 ? null : (
        <ul className="plain-list">
          {rows.map(({ key, ...carrier }, index) => (
            <li key={key}>
              <Row
                carrier={carrier}
                place={index}
                errors={errors}
                onRemove={() => setRows(rows.filter((row) => row.key !== key))}
              />
            </li>
          ))}
        </ul>
      )}
      {errors.carriers === undefined ? null : <p className="field-error">{errors.carriers}</p>}
      {rows.length < MAX_CARRIERS ? (
        <div>
          <Button look="secondary" onClick={add}>
            Add a carrier
          </Button>
        </div>
      ) : null}
    </>
  );
}

interface RowProps {
  carrier: CarrierRow;
  place: number;
  errors: FieldErrors;
  onRemove: () => void;
}

function Row({ carrier, place, errors, onRemove }: RowProps) {
  const [link, setLink] = useState(carrier.trackingUrl ?? '');
  const example = link.replaceAll('{tracking}', '0123456789');
  return (
    <FieldScope value={`carrier-${place}-`}>
      <fieldset className="carrier-row">
        <legend className="visually-hidden">Carrier {place + 1}</legend>
        <TextField
          label="Name"
          name="name"
          maxLength={100}
          required
          defaultValue={carrier.name}
          error={errors[`carriers.${place}.name`]}
        />
        <TextField
          label="Link to follow a parcel"
          name="trackingUrl"
          type="url"
          maxLength={500}
          optional
          value={link}
          onChange={({ currentTarget }) => setLink(currentTarget.value)}
          placeholder="https://carrier.example/track/{tracking}"
          hint={example === link ? undefined : `Parcel 0123456789: ${example}`}
          error={errors[`carriers.${place}.trackingUrl`]}
        />
        <Button look="final" onClick={onRemove}>
          Remove
          <span className="visually-hidden"> carrier {place + 1}</span>
        </Button>
      </fieldset>
    </FieldScope>
  );
}
