/**
 * The tables in docs/ that follow from code. `npm run docs` writes them between their markers; a test holds that what is
 * written is what the code says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AUDIT_CHECKS } from '../../models/audit/audit.ts';
import type { ErrorCode } from '../../models/contract/errors.ts';
import { may, PERMISSIONS, type Permission, STAFF_ROLES } from '../../models/contract/permissions.ts';
import { CONFIG_VARIABLES } from '../../server/config/config.ts';
import { ERROR_STATUSES } from '../../server/http/error-statuses.ts';
import { DEVELOPMENT_VARIABLES, PROJECT_FOLDER } from '../start/environment.ts';
import { ERROR_ADVICE } from './error-advice.ts';
import { type Caller, PROCEDURE_NOTES } from './procedure-notes.ts';
import { allProcedures, type ProcedureEntry } from './procedures.ts';

export interface Block {
  /** From the root of the checkout. */
  file: string;
  /** Names the markers `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
  name: string;
  text: string;
}

/** Throws for a procedure without a note. */
export function generatedBlocks(): Block[] {
  return [
    { file: 'docs/configuration.md', name: 'config', text: configTable() },
    { file: 'docs/configuration.md', name: 'development', text: developmentTable() },
    { file: 'docs/api-and-errors.md', name: 'procedures', text: procedureTable() },
    { file: 'docs/api-and-errors.md', name: 'permissions', text: permissionTable() },
    { file: 'docs/api-and-errors.md', name: 'errors', text: errorTable() },
    { file: 'docs/invariants.md', name: 'audit-checks', text: auditTable() },
  ];
}

/** The text between a block's markers; null if the file lacks them. */
export function readBlock({ file, name }: Pick<Block, 'file' | 'name'>): string | null {
  return markersOf(name).exec(readFileSync(join(PROJECT_FOLDER, file), 'utf8'))?.[1] ?? null;
}

/** Replaces the text between the block's markers. Throws if the file lacks them. */
export function writeBlock({ file, name, text }: Block): void {
  const path = join(PROJECT_FOLDER, file);
  const before = readFileSync(path, 'utf8');
  if (!markersOf(name).test(before)) throw new Error(`${file} has no markers for ${name}`);
  // A function, because `$` in a replacement text has a meaning of its own.
  writeFileSync(
    path,
    before.replace(markersOf(name), () => `<!-- ${name}:begin -->\n${text}\n<!-- ${name}:end -->`),
  );
}

const markersOf = (name: string) => new RegExp(`<!-- ${name}:begin -->\\n([\\s\\S]*?)\\n?<!-- ${name}:end -->`);

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

function configTable(): string {
  const rows = CONFIG_VARIABLES.map(({ name, purpose, default: fallback, secret }) => [
    code(name),
    `${purpose}${secret ? ` Secret, or its file by ${code(`${name}_FILE`)}.` : ''}`,
    fallback === null || fallback === '' ? '–' : code(fallback),
  ]);
  return table(['variable', 'purpose', 'default'], rows);
}

function developmentTable(): string {
  const rows = Object.entries(DEVELOPMENT_VARIABLES).map(([name, { purpose, default: fallback }]) => [
    code(name),
    purpose,
    code(fallback),
  ]);
  return table(['variable', 'purpose', 'default'], rows);
}

function procedureTable(): string {
  const rows = allProcedures().map((procedure) => {
    const note = PROCEDURE_NOTES[procedure.path];
    if (!note) throw new Error(`${procedure.path} has no entry in dev/docs/procedure-notes`);
    return [code(procedure.path), procedure.type, callerOf(note), fieldsOf(procedure), note.does];
  });
  return table(['procedure', 'kind', 'who', 'input', 'what it does'], rows);
}

function callerOf({ caller }: { caller: Caller }): string {
  return isPermission(caller) ? code(caller) : caller;
}

function isPermission(caller: Caller): caller is Permission {
  return (PERMISSIONS as readonly string[]).includes(caller);
}

function permissionTable(): string {
  const rows = PERMISSIONS.map((permission) => [
    code(permission),
    ...STAFF_ROLES.map((role) => (may(role, permission) ? 'yes' : '–')),
  ]);
  return table(['permission', ...STAFF_ROLES.map(code)], rows);
}

const objectSchema = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
});

/** The names of the input's fields; optional ones end in `?`. */
function fieldsOf({ inputs }: ProcedureEntry): string {
  const fields = inputs.flatMap((input) => {
    const { properties, required } = objectSchema.parse(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }));
    return Object.keys(properties).map((name) => code(required.includes(name) ? name : `${name}?`));
  });
  return fields.length === 0 ? '–' : fields.join(', ');
}

function errorTable(): string {
  const rows = Object.entries(ERROR_STATUSES).map(([name, { http }]) => {
    const { when, remedy } = ERROR_ADVICE[name as ErrorCode];
    return [code(name), String(http), when, remedy];
  });
  return table(['code', 'HTTP', 'when', 'what to do'], rows);
}

function auditTable(): string {
  return table(
    ['invariant', 'check', 'holds when'],
    AUDIT_CHECKS.map(({ id, name, question }) => [id, code(name), question]),
  );
}
