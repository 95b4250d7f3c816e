/** How many: a number with a step down and a step up. Typing is taken when the field is left or Enter is pressed. */
import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';

const MOST = 999;

interface QuantityProps {
  value: number;
  /** Names the thing, for screen readers: "Quantity of …". */
  of: string;
  onChange: (quantity: number) => void;
}

export function Quantity({ value, of, onChange }: QuantityProps) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const take = () => {
    const wanted = Number.parseInt(typed, 10);
    const quantity = Number.isNaN(wanted) ? value : Math.min(Math.max(wanted, 1), MOST);
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
        disabled={value >= MOST}
        aria-label={`One more of ${of}`}
      >
        <Icon name="plus" />
      </button>
    </fieldset>
  );
}
