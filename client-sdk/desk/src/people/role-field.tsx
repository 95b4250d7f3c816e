import type { Role } from '@orders-module/client';
import { SelectField } from '../../../parts/ui/field.tsx';
import { ROLE_WORDS } from '../ui/words.ts';

const ROLES: readonly [Exclude<Role, 'customer'>, string][] = [
  ['owner', 'everything, people and settings too'],
  ['manager', 'everything but people and settings'],
  ['support', 'orders, corrections, emails, refunds up to the limit'],
  ['packer', 'what is to be shipped, and stock'],
];

export function RoleField({ role }: { role?: Role }) {
  return (
    <SelectField label="Role" name="role" defaultValue={role ?? 'packer'}>
      {ROLES.map(([name, what]) => (
        <option key={name} value={name}>
          {ROLE_WORDS[name]}: {what}
        </option>
      ))}
    </SelectField>
  );
}

export const roleOf = (form: FormData) => ROLES.find(([name]) => name === form.get('role'))?.[0] ?? 'packer';
