/**
 * The texts for people in the source: messages of errors, wording files, and the storefront's pages. Values inside of a
 * text are checked by the names that the contract gives to amounts, ids, instants and codes.
 */
import ts from 'typescript';
import { z } from 'zod';
import { allProcedures } from '../../dev/docs/procedures.ts';
import { amount, instant, objectId } from '../../models/contract/fields.ts';
import { lineOf, type SourceFile } from './source-files.ts';
import { textFaults } from './text-faults.ts';

export interface FoundText {
  /** `path:line`. */
  place: string;
  /** The text with its values left out. */
  text: string;
  /** The source of the values within it. */
  values: string[];
}

/** Which argument of a call is a text for people. */
const TEXT_ARGUMENTS: Readonly<Record<string, number>> = {
  AppError: 1,
  OrderConflict: 1,
  invalidInput: 1,
  conflict: 1,
};

/** Texts of these calls whose argument is a value made elsewhere, by a function whose own texts are walked. */
const MADE_ELSEWHERE = /^(?:mixed\b|noFeeText\(|TAKEN\[|message$|messageOf\(|first\.message|why$|error\.message)/;

export interface ErrorText extends FoundText {
  callee: string;
  /** Of an AppError. */
  code: string | null;
}

/** The messages of every error that a caller may see. */
export function findErrorTexts(file: SourceFile): ErrorText[] {
  return file.nodes.flatMap((node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
    const callee = node.expression.getText(file.tree);
    const index = TEXT_ARGUMENTS[callee];
    const argument = index === undefined ? undefined : node.arguments?.[index];
    if (argument === undefined) return [];
    const [first] = node.arguments ?? [];
    const code = first && ts.isStringLiteralLike(first) ? first.text : null;
    return textsWithin(file, argument).map((text) => ({ ...text, callee, code }));
  });
}

/** Every text of a file that holds nothing but texts: literals of several words, and those of JSX. */
export function findAllTexts(file: SourceFile): FoundText[] {
  return file.nodes.flatMap((node) => {
    if (isCode(node)) return [];
    if (ts.isJsxText(node) && /\p{L}/u.test(node.text)) return [textOf(file, node, node.text, [])];
    if (ts.isJsxExpression(node) && isChild(node) && node.expression) {
      const values = leavesOf(node.expression).filter(
        (leaf) => !ts.isStringLiteralLike(leaf) && !ts.isTemplateExpression(leaf),
      );
      return values.length === 0 ? [] : [textOf(file, node, '', values)];
    }
    if (ts.isStringLiteralLike(node) && isSentence(node.text)) return [textOf(file, node, node.text, [])];
    if (ts.isTemplateExpression(node) && isSentence(staticText(node))) return [ofTemplate(file, node)];
    return [];
  });
}

function textsWithin(file: SourceFile, argument: ts.Expression): FoundText[] {
  return leavesOf(argument).map((leaf) => {
    if (ts.isStringLiteralLike(leaf)) return textOf(file, leaf, leaf.text, []);
    if (ts.isTemplateExpression(leaf)) return ofTemplate(file, leaf);
    return textOf(file, leaf, '', MADE_ELSEWHERE.test(leaf.getText(file.tree)) ? [] : [leaf]);
  });
}

function ofTemplate(file: SourceFile, node: ts.TemplateExpression): FoundText {
  const spans = node.templateSpans.flatMap(({ expression }) => leavesOf(expression));
  return textOf(
    file,
    node,
    staticText(node),
    spans.filter((leaf) => !ts.isStringLiteralLike(leaf)),
  );
}

function textOf(file: SourceFile, node: ts.Node, text: string, values: readonly ts.Node[]): FoundText {
  return {
    place: `${file.path}:${lineOf(file, node)}`,
    text,
    values: values.map((value) => value.getText(file.tree)),
  };
}

/** With a sign in place of each value. */
function staticText({ head, templateSpans }: ts.TemplateExpression): string {
  return [head.text, ...templateSpans.map(({ literal }) => literal.text)].join('…');
}

/** The expressions that give an expression's value: both branches of a condition, each operand of `??`. */
function leavesOf(expression: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(expression)) return leavesOf(expression.expression);
  if (ts.isConditionalExpression(expression))
    return [...leavesOf(expression.whenTrue), ...leavesOf(expression.whenFalse)];
  if (ts.isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return leavesOf(expression.right);
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken)
      return [...leavesOf(expression.left), ...leavesOf(expression.right)];
  }
  return [expression];
}

function isSentence(text: string): boolean {
  return /\p{L}{2,}[^\p{L}]*\s[^\p{L}]*\p{L}{2,}/u.test(text);
}

const CODE_ATTRIBUTES =
  /^(?:className|id|to|href|d|transform|viewBox|preserveAspectRatio|points|autoComplete|type|pattern|key|aria-labelledby)$/;

/** True for what is in an import, a type, an attribute that is not read, or a class name. */
function isCode(node: ts.Node): boolean {
  for (let current: ts.Node | undefined = node; current; current = current.parent) {
    if (ts.isJsxAttribute(current)) return CODE_ATTRIBUTES.test(current.name.getText());
    if (ts.isImportDeclaration(current) || ts.isTypeNode(current)) return true;
    if (ts.isFunctionDeclaration(current) && current.name?.text === 'classOf') return true;
  }
  return false;
}

function isChild(node: ts.JsxExpression): boolean {
  return ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent);
}

/** The names of fields that hold an amount, an id, an instant, or a code that is no word. */
export function findForbiddenNames(): ReadonlySet<string> {
  const names = new Set(['refundable', 'expectedTotal', 'captured', '_id']);
  const seen = new Set<unknown>();
  const visit = (schema: unknown, name: string | null) => {
    if (!(schema instanceof z.ZodType)) return;
    if (name !== null && isForbidden(schema)) names.add(name);
    if (seen.has(schema)) return;
    seen.add(schema);
    if (schema instanceof z.ZodObject) for (const [key, field] of Object.entries(schema.shape)) visit(field, key);
    else if (schema instanceof z.ZodArray) visit(schema.element, null);
    else if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) visit(schema.unwrap(), name);
    else if (schema instanceof z.ZodUnion) for (const option of schema.options) visit(option, name);
    else visit(schema.meta()?.streamOf, null);
  };
  for (const { inputs, output } of allProcedures()) for (const schema of [...inputs, output]) visit(schema, null);
  return names;
}

function isForbidden(schema: z.ZodType): boolean {
  if (schema === amount || schema === instant || schema === objectId) return true;
  return schema instanceof z.ZodEnum && schema.options.some((option) => /_|[a-z][A-Z]/.test(String(option)));
}

/** Ids by which a person finds something: at Paystack's dashboard, or a request in the log. */
const FOREIGN_IDS = /^(?:disputeId|gatewayRefundId|requestId)$/;

/** Names that hold a code elsewhere and words in these places: a timeline's entry, the state of an address, an order's status. */
const WORDS_HERE: readonly (readonly [name: string, path: RegExp])[] = [
  ['what', /./],
  ['state', /address/],
  ['from', /^models\/fulfilment|action-effects/],
  ['to', /./],
];

/** The faults of a text, with its place. */
export function faultsOf({ place, text, values }: FoundText, forbidden: ReadonlySet<string>): string[] {
  const ofValues = values.flatMap((value) => {
    const [, name = ''] = /(?:^|[.\s])([A-Za-z_]+)$/.exec(value) ?? [];
    const isWord = WORDS_HERE.some(([word, path]) => word === name && path.test(place));
    const isRaw = (forbidden.has(name) && !isWord) || (/Id$|^id$/.test(name) && !FOREIGN_IDS.test(name));
    const isMade = /replaceAll\('_'|toISOString\(|^String\(/.test(value);
    return isRaw || isMade ? [`the value ${value} without its words`] : [];
  });
  return [...textFaults(text), ...ofValues].map((fault) => `${place}: ${fault}`);
}
