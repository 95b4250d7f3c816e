import { useQuery } from '@tanstack/react-query';
import { toDecimal } from '../../../../models/contract/money.ts';
import { client } from '../../../parts/data/client.ts';
import { shopQuery } from '../../../parts/data/shop.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import { type Limits, readLimits } from '../data/shop-settings.ts';
import { SettingsForm } from './settings-form.tsx';

export function LimitsForm({ stored }: { stored: Limits }) {
  const currency = useQuery(shopQuery).data?.currencies[0];
  if (currency === undefined) return null;
  return (
    <SettingsForm
      id="limits"
      title="Limits"
      stored={stored}
      save={(form, version) => client.admin.setLimits.mutate({ version, ...readLimits(form, currency) })}
      done="Saved. They hold from now on."
    >
      {({ supportRefund, lowStock }, errors) => (
        <>
          <TextField
            label={`Support gives back on one order at most (${currency})`}
            name="supportRefund"
            inputMode="decimal"
            optional
            defaultValue={supportRefund === null ? '' : toDecimal(supportRefund, currency)}
            hint="The sum of all that support gives back on it, in the order’s currency. Without it, any sum. Owners and managers have no limit."
            error={errors.supportRefund}
          />
          <TextField
            label="Low stock, in units"
            name="lowStock"
            inputMode="numeric"
            optional
            defaultValue={lowStock}
            hint="A variant with at most so many units free to sell is marked, and stands in the list of low stock. Without it, 5."
            error={errors.lowStock}
          />
        </>
      )}
    </SettingsForm>
  );
}
