import { type InputHTMLAttributes, useState } from 'react';
import { FieldFrame, type Labelled } from './field.tsx';

type PasswordFieldProps = Pick<Labelled, 'label' | 'name' | 'hint' | 'error'> &
  Pick<InputHTMLAttributes<HTMLInputElement>, 'autoComplete' | 'autoFocus'>;

/** A password, and a button that shows what was typed. Its length is counted by the shop, which says what is wrong with it. */
export function PasswordField({ label, name, hint, error, ...input }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  return (
    <FieldFrame label={label} name={name} hint={hint} error={error}>
      {(described) => (
        <span className="password">
          <input
            name={name}
            type={isShown ? 'text' : 'password'}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            required
            maxLength={512}
            {...input}
            {...described}
          />
          <button
            type="button"
            aria-pressed={isShown}
            aria-label={isShown ? 'Hide what you typed' : 'Show what you typed'}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? 'Hide' : 'Show'}
          </button>
        </span>
      )}
    </FieldFrame>
  );
}
