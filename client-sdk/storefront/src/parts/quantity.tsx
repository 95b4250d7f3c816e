/** A number field with buttons to decrease and increase it. Typed text counts on blur and on Enter. */
import { useEffect, useState } from 'react';
import { Icon } from '../../../parts/ui/icon.tsx';

const MAX_QUANTITY = 999;

interface QuantityProps {
  value: number;
  /** The item's name, for screen readers: "Quantity of …". */
  of: string;
  onChange: (quantity: number) => void;
}

export function Quantity({ value, of, onChange }: QuantityProps) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const take = () => {
    const parsed = Number.parseInt(typed, 10);
    const quantity = Number.isNaN(parsed) ? value : Math.min(Math.max(parsed, 1), MAX_QUANTITY);
    setTyped(String(quantity));
    if (quantity !== value) onChange(quantity);
  };
  return (
    <fieldset className="quantity">
      <legend className="visually-hidden">Quantity of {of}</legend>
      <button type="button" onClick={() => onChange(value - 1)} disabled={value <= 1} aria-label={`One less of ${of}`}>
        <Icon name="minus" />
      </button>
      <input
        aria-label={`Quantity of ${of}`}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, '').slice(0, 3))}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
      <button
        type="button"
        onClick={() => onChange(value + 1)}
        disabled={value >= MAX_QUANTITY}
        aria-label={`One more of ${of}`}
      >
        <Icon name="plus" />
      </button>
    </fieldset>
  );
}
