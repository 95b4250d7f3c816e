/** Lines of text in any script, for a document that can only place letters from left to right. Pure. */
import bidiJs, { type Bidi } from 'bidi-js';

// The package is CommonJS: what its types call the default export is the module itself.
const bidi = (bidiJs as unknown as () => Bidi)();
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Stands for a character that the font lacks. */
export const MISSING = '□';
/** Around a text whose direction must not change the order of what stands beside it. */
const [ISOLATE, END_OF_ISOLATE] = ['\u2068', '\u2069'];
const ISOLATES = /[\u2066-\u2069]/g;

export function isolate(text: string): string {
  return ISOLATE + text + END_OF_ISOLATE;
}

/** The text with a box for each character that cannot be shown; one for an emoji of several code points. */
export function withBoxes(text: string, canShow: (codePoint: number) => boolean): string {
  return [...graphemes.segment(text)]
    .map(({ segment }) =>
      [...segment].every((one) => isMark(one) || canShow(one.codePointAt(0) ?? 0)) ? segment : MISSING,
    )
    .join('');
}

function isMark(character: string): boolean {
  return /^[\u2066-\u2069]$/.test(character);
}

/** Breaks at blanks, and within words that are longer than a line. At least one line. */
export function breakLines(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string) => {
    if (fits(line + piece)) line += piece;
    else {
      if (line.trim() !== '') lines.push(line.trim());
      line = piece.trimStart();
    }
  };
  for (const word of text.split(/(?<= )/)) {
    if (fits(word.trim())) add(word);
    else for (const { segment } of graphemes.segment(word)) add(segment);
  }
  return line.trim() === '' && lines.length > 0 ? lines : [...lines, line.trim()];
}

/** The parts of a line in the order in which they stand from left to right; each has one direction. */
export function visualRuns(line: string): string[] {
  const embedding = bidi.getEmbeddingLevels(line);
  const mirrored = bidi.getMirroredCharactersMap(line, embedding.levels);
  const runs: { level: number; text: string }[] = [];
  for (let index = 0; index < line.length; index += 1) {
    const level = embedding.levels[index] ?? 0;
    const character = mirrored.get(index) ?? line.charAt(index);
    const last = runs.at(-1);
    if (last !== undefined && last.level === level) last.text += character;
    else runs.push({ level, text: character });
  }
  return reordered(runs)
    .map(({ text }) => text.replace(ISOLATES, ''))
    .filter((text) => text !== '');
}

/** Rule L2 of the Unicode Bidirectional Algorithm, on whole runs: the font turns the letters within one. */
function reordered<Run extends { level: number }>(runs: Run[]): Run[] {
  const most = Math.max(0, ...runs.map(({ level }) => level));
  let order = runs;
  for (let level = most; level > 0; level -= 1) {
    const next: Run[] = [];
    let turned: Run[] = [];
    for (const run of order) {
      if (run.level >= level) {
        turned = [run, ...turned];
        continue;
      }
      next.push(...turned, run);
      turned = [];
    }
    order = [...next, ...turned];
  }
  return order;
}
