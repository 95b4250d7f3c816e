import { useNavigate } from '@tanstack/react-router';
import type { SubmitEvent } from 'react';
import { Button } from '../../../parts/ui/button.tsx';
import { SelectField, TextField } from '../../../parts/ui/field.tsx';
import { CHANNELS, countFilters, type OrderFilters, readOrderFilters } from './order-filters.ts';

export function FilterForm({ filters }: { filters: OrderFilters }) {
  const navigate = useNavigate();
  const { tab, q, product } = filters;
  const kept = {
    ...(tab === undefined ? {} : { tab }),
    ...(q === undefined ? {} : { q }),
    ...(product === undefined ? {} : { product }),
  };
  const on = countFilters(filters);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = readOrderFilters(Object.fromEntries(new FormData(event.currentTarget)));
    void navigate({ to: '/orders', search: { ...typed, ...kept } });
  };
  return (
    <details className="filters" open={on > 0}>
      <summary>Filters{on === 0 ? '' : ` (${on})`}</summary>
      <form className="filter-fields" onSubmit={submit}>
        <TextField label="From" name="from" type="date" defaultValue={filters.from} />
        <TextField label="To" name="to" type="date" defaultValue={filters.to} />
        <TextField label="Tag" name="tag" maxLength={40} autoComplete="off" defaultValue={filters.tag} />
        <SelectField label="Paid by" name="channel" defaultValue={filters.channel ?? ''}>
          <option value="">Any way</option>
          {CHANNELS.map(([channel, name]) => (
            <option key={channel} value={channel}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Delivery"
          name="delivery"
          maxLength={40}
          autoComplete="off"
          defaultValue={filters.delivery}
          hint="The method’s short name."
        />
        <div className="actions">
          <Button type="submit" look="secondary">
            Filter
          </Button>
          {on === 0 ? null : (
            <Button
              look="quiet"
              onClick={() => void navigate({ to: '/orders', search: tab === undefined ? {} : { tab } })}
            >
              Clear
            </Button>
          )}
        </div>
      </form>
    </details>
  );
}
