/**
 * Prints resolved types as source text: structures of JSON values, with the comments of their fields, and with names
 * where one is registered. TypeScript's printer loses both across files.
 */
import ts from 'typescript';

/** Prints a part of a type at this indent; null means on one line, without comments. */
type WritePart = (type: ts.Type, indent: string | null) => string;

export class TypePrinter {
  readonly #checker: ts.TypeChecker;
  /** From a structure, printed without comments, to its exported name. */
  readonly #names = new Map<string, string>();
  readonly #fileRank: ReadonlyMap<ts.SourceFile, number>;

  constructor(program: ts.Program) {
    this.#checker = program.getTypeChecker();
    this.#fileRank = new Map(program.getSourceFiles().map((file, index) => [file, index]));
  }

  /** Registers `name` for the union of `types`. The first name of a structure wins. */
  name(name: string, ...types: ts.Type[]): void {
    const shape = this.#shapeOfUnion(types);
    if (!this.#names.has(shape)) this.#names.set(shape, name);
  }

  nameOf(type: ts.Type): string | undefined {
    return this.#names.get(this.#shape(type));
  }

  /** The type's name, or its structure if it has none. */
  reference(type: ts.Type, indent = ''): string {
    return this.nameOf(type) ?? this.structure(type, indent);
  }

  /** The type's structure; its parts by their names. Throws on a type that is not a JSON value. */
  structure(type: ts.Type, indent = ''): string {
    return this.#write(type, indent, (part, at) => this.reference(part, at ?? ''));
  }

  /** The comment of a field or procedure, ending in a line break; empty if there is none. */
  comment(symbol: ts.Symbol, indent: string): string {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).trim();
    if (text === '') return '';
    const lines = text.split('\n');
    if (lines.length === 1) return `${indent}/** ${text} */\n`;
    return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
  }

  isObject(type: ts.Type): boolean {
    return (type.flags & ts.TypeFlags.Object) !== 0 && !this.#checker.isArrayType(type);
  }

  /** A canonical text: equal for equal structures, whatever their source. */
  #shape(type: ts.Type): string {
    return type.isUnion() ? this.#shapeOfUnion(type.types) : this.#write(type, null, (part) => this.#shape(part));
  }

  #shapeOfUnion(types: readonly ts.Type[]): string {
    return [
      ...new Set(types.flatMap((type) => (type.isUnion() ? type.types : [type])).map((type) => this.#shape(type))),
    ]
      .sort()
      .join(' | ');
  }

  #write(type: ts.Type, indent: string | null, part: WritePart): string {
    if (type.isUnion()) return this.#union(type, indent, part);
    if (this.#checker.isArrayType(type)) return this.#array(type, indent, part);
    if (type.flags & ts.TypeFlags.Object) return this.#object(type, indent, part);
    const text = this.#checker.typeToString(type);
    const isPlain = type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike);
    if (isPlain || ['null', 'undefined', 'void'].includes(text)) return text;
    throw new Error(`a type that no JSON value has cannot be published: ${text}`);
  }

  /** Null and undefined come last; the remaining union is printed by its name if it has one. */
  #union({ types }: ts.UnionType, indent: string | null, part: WritePart): string {
    const nothing = types.filter(({ flags }) => flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined));
    const values = types.filter((type) => !nothing.includes(type));
    // Without null or undefined, the name would be that of this union, which is printed here by its structure.
    const name = nothing.length === 0 ? undefined : this.#names.get(this.#shapeOfUnion(values));
    const texts = name === undefined ? this.#values(values, indent, part) : [name];
    return [...texts, ...nothing.map((type) => part(type, indent))].join(' | ');
  }

  #values(types: ts.Type[], indent: string | null, part: WritePart): string[] {
    const booleans = types.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    if (booleans.length < 2) return types.map((type) => part(type, indent));
    return ['boolean', ...types.filter((type) => !booleans.includes(type)).map((type) => part(type, indent))];
  }

  #array(type: ts.Type, indent: string | null, part: WritePart): string {
    const [element] = this.#checker.getTypeArguments(type as ts.TypeReference); // checked with isArrayType
    if (!element) throw new Error('an array has elements');
    const text = part(element, indent);
    return element.isUnion() && text.includes(' | ') ? `(${text})[]` : `${text}[]`;
  }

  #object(type: ts.Type, indent: string | null, part: WritePart): string {
    if (type.getCallSignatures().length > 0) {
      throw new Error(`a function cannot be published: ${this.#checker.typeToString(type)}`);
    }
    const inner = indent === null ? null : `${indent}  `;
    const fields = this.#inOrder(type.getProperties()).map((symbol) => {
      const mark = symbol.flags & ts.SymbolFlags.Optional ? '?' : '';
      const field = `${symbol.name}${mark}: ${part(this.#checker.getTypeOfSymbol(symbol), inner)};`;
      return inner === null ? field : `${this.comment(symbol, inner)}${inner}${field}`;
    });
    return inner === null ? `{ ${fields.sort().join(' ')} }` : `{\n${fields.join('\n')}\n${indent}}`;
  }

  /** In the order of their declarations, because mapped types have no stable order. */
  #inOrder(symbols: readonly ts.Symbol[]): ts.Symbol[] {
    const place = ({ declarations }: ts.Symbol): [number, number] => {
      const first = declarations?.[0];
      return first ? [this.#fileRank.get(first.getSourceFile()) ?? 0, first.pos] : [Number.POSITIVE_INFINITY, 0];
    };
    return [...symbols].sort((a, b) => {
      const [fileA, posA] = place(a);
      const [fileB, posB] = place(b);
      return fileA === fileB ? posA - posB : fileA - fileB;
    });
  }
}
