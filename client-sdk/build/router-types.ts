/**
 * Prints src/router.ts and src/types.ts for publication: each type of types.ts with its structure, and the router with its
 * procedures and their comments. The server's context and metadata are left out.
 */
import type ts from 'typescript';
import { TypePrinter } from './type-printer.ts';

export interface PublishedTypes {
  /** Replaces types.d.ts. */
  types: string;
  /** Replaces router.d.ts. */
  router: string;
}

const KINDS: Record<string, string> = {
  query: 'TRPCQueryProcedure',
  mutation: 'TRPCMutationProcedure',
  subscription: 'TRPCSubscriptionProcedure',
};

const FROM_TRPC = [
  'inferRouterInputs',
  'inferRouterOutputs',
  'TRPCBuiltRouter',
  'TRPCDecorateCreateRouterOptions',
  ...Object.values(KINDS),
];

/** Throws on a type that is not a JSON value, such as the output of a procedure without `.output`. */
export function publishTypes(program: ts.Program, sources: { types: string; router: string }): PublishedTypes {
  const checker = program.getTypeChecker();
  const typeNames = exportsOf(program, sources.types);
  const routerNames = exportsOf(program, sources.router);
  const printer = new TypePrinter(program);
  const errorNames = ['ErrorCode', 'ErrorDetails'].map((name) => [name, typeNamed(routerNames, name)] as const);
  for (const [name, type] of [...typeNames, ...errorNames]) printer.name(name, type);
  const details = typeNamed(routerNames, 'ErrorDetails').getProperties();
  printer.name('ErrorDetails[keyof ErrorDetails]', ...details.map((symbol) => checker.getTypeOfSymbol(symbol)));

  const types = [...typeNames].map(([name, type]) => declaration(printer, name, type)).join('\n');
  const usedErrorNames = errorNames.map(([name]) => name).filter((name) => isUsed(name, types));
  const appRouter = typeNamed(routerNames, 'AppRouter');
  const def = property(checker, appRouter, '_def');
  const errorShape = property(checker, property(checker, property(checker, def, '_config'), '$types'), 'errorShape');
  const record = new RecordWriter(checker, printer).write(property(checker, def, 'record'), '  ');
  const imported = [...typeNames.keys()].filter((name) => isUsed(name, record));
  return {
    types: [`import type { ${usedErrorNames.join(', ')} } from './router.js';`, types].join('\n'),
    router: [
      `import type { ${FROM_TRPC.join(', ')} } from '@trpc/server';`,
      `import type { ${imported.join(', ')} } from './types.js';`,
      ...errorNames.map(([name, type]) => declaration(printer, name, type)),
      `export interface ErrorShape ${printer.structure(errorShape)}\n`,
      'type Root = { ctx: object; meta: object; errorShape: ErrorShape; transformer: false };',
      '/** Every procedure with its input and output; the type parameter that tools of tRPC take. */',
      `export type AppRouter = TRPCBuiltRouter<Root, TRPCDecorateCreateRouterOptions<${record}>>;`,
      'export type RouterInputs = inferRouterInputs<AppRouter>;',
      'export type RouterOutputs = inferRouterOutputs<AppRouter>;',
    ].join('\n'),
  };
}

const isUsed = (name: string, text: string) => new RegExp(`\\b${name}\\b`).test(text);

function declaration(printer: TypePrinter, name: string, type: ts.Type): string {
  const firstName = printer.nameOf(type);
  if (firstName !== undefined && firstName !== name) return `export type ${name} = ${firstName};\n`;
  const text = printer.structure(type);
  return printer.isObject(type) ? `export interface ${name} ${text}\n` : `export type ${name} = ${text};\n`;
}

class RecordWriter {
  readonly #checker: ts.TypeChecker;
  readonly #printer: TypePrinter;

  constructor(checker: ts.TypeChecker, printer: TypePrinter) {
    this.#checker = checker;
    this.#printer = printer;
  }

  /** Recursive, because routers are nested records of procedures. */
  write(record: ts.Type, indent: string): string {
    const entries = record.getProperties().map((symbol) => {
      const type = this.#checker.getTypeOfSymbol(symbol);
      const isProcedure = type.getProperty('_def') !== undefined;
      const text = isProcedure ? this.#procedure(type, indent) : this.write(type, `${indent}  `);
      return `${this.#printer.comment(symbol, indent)}${indent}${symbol.name}: ${text};\n`;
    });
    return `{\n${entries.join('')}${indent.slice(2)}}`;
  }

  #procedure(type: ts.Type, indent: string): string {
    const def = property(this.#checker, type, '_def');
    const kind = this.#checker.typeToString(property(this.#checker, def, 'type')).replaceAll('"', '');
    const $types = property(this.#checker, def, '$types');
    const name = KINDS[kind];
    if (name === undefined) throw new Error(`no kind of procedure: ${kind}`);
    const inner = `${indent}  `;
    const input = this.#printer.reference(property(this.#checker, $types, 'input'), inner);
    const output = this.#output(property(this.#checker, $types, 'output'), kind, inner);
    const fields = [`input: ${input};`, `output: ${output};`, 'meta: object;', 'errorShape: ErrorShape;'];
    return `${name}<{\n${fields.map((field) => `${inner}${field}\n`).join('')}${indent}}>`;
  }

  #output(type: ts.Type, kind: string, indent: string): string {
    if (kind !== 'subscription') return this.#printer.reference(type, indent);
    const [item] = this.#checker.getTypeArguments(type as ts.TypeReference); // AsyncIterable<T, …>, by tRPC's types
    if (!item) throw new Error('a subscription has items');
    return `AsyncIterable<${this.#printer.reference(item, indent)}>`;
  }
}

function property(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type {
  const symbol = type.getProperty(name);
  if (!symbol) throw new Error(`${checker.typeToString(type).slice(0, 80)} has no ${name}`);
  return checker.getTypeOfSymbol(symbol);
}

/** The types that a file exports, by name, in the order of the file. */
function exportsOf(program: ts.Program, path: string): Map<string, ts.Type> {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error(`${path} is no module of the program`);
  return new Map(
    checker.getExportsOfModule(module).map((symbol) => [symbol.name, checker.getDeclaredTypeOfSymbol(symbol)]),
  );
}

function typeNamed(types: Map<string, ts.Type>, name: string): ts.Type {
  const type = types.get(name);
  if (!type) throw new Error(`no type ${name}`);
  return type;
}
