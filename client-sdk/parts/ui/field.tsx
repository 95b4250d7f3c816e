/** Form fields with a visible label, a hint, and an error linked by aria-describedby. */
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useContext,
} from 'react';

export interface Labelled {
  label: string;
  name: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** Shows "optional" beside the label. */
  optional?: boolean;
  className?: string | undefined;
}

interface FrameProps extends Labelled {
  children: (described: { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string }) => ReactNode;
}

/** Put before the ids of the fields in it, where a page has several forms. */
export const FieldScope = createContext('');

export function FieldFrame({ label, name, hint, error, optional = false, className = '', children }: FrameProps) {
  const id = `field-${useContext(FieldScope)}${name}`;
  const notes = [hint === undefined ? null : `${id}-hint`, error === undefined ? null : `${id}-error`].filter(
    (note) => note !== null,
  );
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>
        {label}
        {optional ? <span className="field-optional"> (optional)</span> : null}
      </label>
      {children({
        id,
        ...(error === undefined ? {} : { 'aria-invalid': true }),
        ...(notes.length === 0 ? {} : { 'aria-describedby': notes.join(' ') }),
      })}
      {hint === undefined ? null : (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

type TextFieldProps = Labelled & Omit<ComponentProps<'input'>, 'name' | 'id' | 'className'>;

export function TextField({ label, name, hint, error, optional, className, ...input }: TextFieldProps) {
  const frame = { label, name, hint, error, className, ...(optional === undefined ? {} : { optional }) };
  return (
    <FieldFrame {...frame}>{(described) => <input type="text" name={name} {...input} {...described} />}</FieldFrame>
  );
}

type TextAreaFieldProps = Labelled & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'name' | 'id' | 'className'>;

export function TextAreaField({ label, name, hint, error, optional, className, ...area }: TextAreaFieldProps) {
  const frame = { label, name, hint, error, className, ...(optional === undefined ? {} : { optional }) };
  return <FieldFrame {...frame}>{(described) => <textarea name={name} {...area} {...described} />}</FieldFrame>;
}

type SelectFieldProps = Labelled & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'name' | 'id' | 'className'>;

export function SelectField({ label, name, hint, error, optional, className, ...select }: SelectFieldProps) {
  const frame = { label, name, hint, error, className, ...(optional === undefined ? {} : { optional }) };
  return <FieldFrame {...frame}>{(described) => <select name={name} {...select} {...described} />}</FieldFrame>;
}

export function focusFirstInvalid(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
