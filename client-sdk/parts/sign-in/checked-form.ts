import { isOrdersError } from '@orders-module/client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type FieldErrors, fieldErrorsOf } from '../data/errors.ts';
import { focusFirstInvalid } from '../ui/field.tsx';

/** The values of a form, or its errors by field. */
export type Checked<T> = { value: T } | { errors: FieldErrors };

/** The errors that the page finds, and those that the shop answers, beside their fields. The first of them takes the focus.
 * `prefix` is that of the fields' paths in the shop's input. */
export function useCheckedForm(error: unknown, prefix = '') {
  const form = useRef<HTMLFormElement>(null);
  const [ownErrors, setOwnErrors] = useState<FieldErrors>({});
  useEffect(() => {
    if (error !== null || Object.keys(ownErrors).length > 0) focusFirstInvalid(form.current);
  }, [error, ownErrors]);
  const theirs = useMemo(() => fieldErrorsOf(error, prefix), [error, prefix]);
  const errors = useMemo(() => ({ ...theirs, ...ownErrors }), [theirs, ownErrors]);
  return {
    form,
    errors,
    /** The shop's error stands beside fields alone. */
    isSaidByFields: isOrdersError(error, 'INVALID_INPUT') && Object.keys(theirs).length > 0,
    /** Null if there are errors. */
    check<T>(read: Checked<T>): T | null {
      setOwnErrors('errors' in read ? read.errors : {});
      return 'value' in read ? read.value : null;
    },
  };
}
