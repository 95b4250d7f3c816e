/**
 * The rules of plain English that a program can check, for comments, for prose in Markdown and for identifiers.
 * The glossary in docs/ lists the terms that replace the forbidden ones.
 */
import ts from 'typescript';
import type { SourceFile } from './source-files.ts';

export interface Passage {
  path: string;
  /** Where it starts, from 1. */
  line: number;
  text: string;
}

export interface WordRule {
  /** A sentence that is true of every passage. */
  name: string;
  /** The parts of the text that break the rule. */
  violations(text: string): string[];
}

const MAX_WORDS = 25;

/** Sentences without their code: `names in backticks`, {@link}s and URLs count as one word each. */
function sentencesOf(text: string): string[] {
  return text
    .replace(/`[^`]*`/g, 'CODE')
    .replace(/https?:\/\/\S+/g, 'URL')
    .split(/(?<=[.!?])["'”’)]*\s+(?=["'“‘(]?[A-Z0-9])|\n\s*\n|\n\s*[-*]\s|\s@\w+/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '');
}

const matching = (pattern: RegExp) => (text: string) => sentencesOf(text).filter((sentence) => pattern.test(sentence));

/** Terms that the glossary replaces, as they occur in prose. */
const REPLACED_TERMS =
  /\b(turnstile|coalescer?s?|in-flight limit|run mark|rungs?|ladder|twins?|foreign refunds?|refund desk|surplus|dossiers?|stand-ins?|misbehav\w*|narrators?|house rules?|plain calls?|planted bugs?|bugs? planted|plants?|watch seats?|pulses?|in care|webhook door|sign-in doors?)\b/i;

export const SENTENCE_RULES: readonly WordRule[] = [
  {
    name: 'no sentence begins with Who, Whoever, What or Nobody and a verb',
    violations: matching(/^["'“(]?(Who|Whoever|What|Nobody)\s+(?!.*\?$)/),
  },
  { name: 'comments use no pronoun of one gender', violations: matching(/\b(his|him|himself)\b/i) },
  {
    name: 'no code asks, tells, hears or wants',
    violations: matching(/\b(asks?|asked|asking|tells?|told|telling|hears?|heard|hearing|wants?|wanted)\b/i),
  },
  { name: 'no comment lists callers', violations: matching(/^(Called|Used) (by|for|from|in|where|once|only)\b/) },
  { name: 'the terms of the glossary are used', violations: matching(REPLACED_TERMS) },
  {
    name: `no sentence has more than ${MAX_WORDS} words`,
    violations: (text) => sentencesOf(text).filter((sentence) => sentence.split(/\s+/).length > MAX_WORDS),
  },
];

/** Names that the glossary replaces. Public names of the API that still have to be changed are not among them. */
const REPLACED_NAMES = new Set([
  ...['Turnstile', 'HOLDERS', 'gather', 'askAll', 'asked', 'Coalescer', 'runAfresh', 'reuseMs', 'pulse', 'takePulse'],
  ...['InFlightLimit', 'Importance', 'SHARE', 'inTime', 'timeLimit', 'followChanges', 'TriggerChannel', 'FORGETTABLE'],
  ...['COMMITTED', 'RunMark', 'rung', 'ladder', 'verifyRung', 'findInstead', 'twin', 'twins', 'twinIds', 'surplus'],
  ...['judgeCharge', 'Verdict', 'judgeError', 'forStaff', 'Tally', 'dossier', 'dossiers', 'walkOrders', 'PlainCalls'],
  ...['startShop', 'RunningShop', 'isSold', 'isOnSale', 'Goods', 'goods', 'SOLD', 'noting', 'lane', 'SIDE_BY_SIDE'],
  ...['Fate', 'fate', 'WatchSeats', 'watchSeats', 'waker', 'HouseRule', 'world', 'World', 'openShop', 'startWorld'],
  ...['plant', 'plants', 'Plant', 'PLANTS', 'standIns', 'standIn', 'misbehave', 'Misbehaviour', 'narrator', 'Narrator'],
  ...['Stage', 'standing', 'orderWatch', 'OrderWatch', 'watchOrder', 'holdStock', 'HoldState', 'holdMinutes'],
]);

/** Each replaced name in the file, once, with the line of its first use. */
export function findReplacedNames(file: Pick<SourceFile, 'tree' | 'nodes'>): { line: number; text: string }[] {
  const found = new Map<string, number>();
  for (const node of file.nodes) {
    if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) continue;
    const name = node.text.replace(/^#/, '');
    if (!REPLACED_NAMES.has(name) || found.has(name)) continue;
    found.set(name, file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1);
  }
  return [...found].map(([text, line]) => ({ line, text }));
}

/** The comments of a file; line comments that follow each other are one. */
export function findComments({ path, text, tree, nodes }: SourceFile): Passage[] {
  const ranges = new Map<number, ts.CommentRange>();
  for (const node of nodes) {
    if (ts.isJsxText(node)) continue;
    const places = [
      ...(ts.getLeadingCommentRanges(text, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.end) ?? []),
      // `{/* … */}` in JSX is an expression without one.
      ...(ts.isJsxExpression(node) ? (ts.getTrailingCommentRanges(text, node.getStart(tree) + 1) ?? []) : []),
    ];
    for (const range of places) ranges.set(range.pos, range);
  }
  const lineAt = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1;
  const passages: (Passage & { lastLine: number })[] = [];
  for (const range of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const isLine = range.kind === ts.SyntaxKind.SingleLineCommentTrivia;
    const line = lineAt(range.pos);
    const content = withoutMarks(text.slice(range.pos, range.end));
    const previous = passages.at(-1);
    const startsLine = text.slice(text.lastIndexOf('\n', range.pos - 1) + 1, range.pos).trim() === '';
    if (isLine && startsLine && previous?.lastLine === line - 1) {
      previous.text += `\n${content}`;
      previous.lastLine = line;
    } else passages.push({ path, line, text: content, lastLine: isLine ? line : 0 });
  }
  // A directive to a tool is no prose.
  return passages.filter((passage) => !/^\s*(biome-ignore|@ts-|#!|<reference)/.test(passage.text));
}

function withoutMarks(comment: string): string {
  return comment
    .replace(/^\/\*\*?|\*\/$/g, '')
    .replace(/^\s*\/\/+ ?/, '')
    .replace(/^[ \t]*\* ?/gm, '')
    .trim();
}

/** The paragraphs and list items of a Markdown text, without headings, tables and code blocks. */
export function findProse(path: string, text: string): Passage[] {
  const passages: Passage[] = [];
  let isCode = false;
  let isOpen = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*```/.test(line)) {
      isCode = !isCode;
      isOpen = false;
      continue;
    }
    if (isCode || /^\s*$|^\s*(#|\||<|!\[|\[)/.test(line)) {
      isOpen = false;
      continue;
    }
    const startsItem = /^\s*([-*]|\d+\.)\s/.test(line);
    const content = line
      .replace(/^\s*([-*]|\d+\.)\s/, '')
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/\*\*/g, '');
    const previous = passages.at(-1);
    if (isOpen && !startsItem && previous) previous.text += `\n${content}`;
    else passages.push({ path, line: index + 1, text: content });
    isOpen = true;
  }
  return passages;
}
