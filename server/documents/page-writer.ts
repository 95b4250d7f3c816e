/** Writes lines of text in any script into a PDF, with boxes for the characters that its fonts lack. */
import { breakLines, MISSING, visualRuns, withBoxes } from './bidi-text.ts';

export const MARGIN = 50;
/** Room for an amount at the right, in points. */
const AMOUNT_WIDTH = 130;

export type Row = readonly [left: string, right: string];

/** The package shapes each word by itself, unless it is given features: it then shapes the whole run. */
const WHOLE_RUN: PDFKit.Mixins.TextOptions = { lineBreak: false, features: [] };

export class PageWriter {
  readonly #document: PDFKit.PDFDocument;
  /** Some character has been replaced by a box. */
  hasBoxes = false;

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
  }

  /** In the current font and size. */
  text(text: string): this {
    this.#lines(text, this.#textWidth());
    return this;
  }

  font(name: 'regular' | 'bold', size: number): this {
    this.#document.font(name).fontSize(size);
    return this;
  }

  /** Lines of the current size. */
  down(lines: number): this {
    this.#document.moveDown(lines);
    return this;
  }

  heading(text: string): void {
    this.down(1).font('bold', 11).text(text).down(0.3).font('regular', 10);
  }

  /** A line whose amount stands at the right, beside the first line of a text that may need several. */
  row([left, right]: Row): void {
    const document = this.#document;
    this.#makeRoom();
    const { y } = document;
    const x = document.page.width - MARGIN - AMOUNT_WIDTH;
    document.text(right, x, y, { width: AMOUNT_WIDTH, align: 'right', lineBreak: false });
    document.y = y;
    this.#lines(left, this.#textWidth() - AMOUNT_WIDTH);
    this.down(0.2);
  }

  #textWidth(): number {
    return this.#document.page.width - 2 * MARGIN;
  }

  #lines(text: string, width: number): void {
    const document = this.#document;
    const shown = withBoxes(text, (codePoint) => hasGlyph(document, codePoint));
    this.hasBoxes ||= shown.includes(MISSING) && !text.includes(MISSING);
    for (const line of breakLines(shown, (one) => document.widthOfString(one, WHOLE_RUN) <= width)) {
      this.#makeRoom();
      const { y } = document;
      let x = MARGIN;
      for (const run of visualRuns(line)) {
        document.text(run, x, y, WHOLE_RUN);
        x += document.widthOfString(run, WHOLE_RUN);
      }
      document.x = MARGIN;
      document.y = y + document.currentLineHeight(true);
    }
  }

  #makeRoom(): void {
    const { page, y } = this.#document;
    if (y + this.#document.currentLineHeight(true) > page.height - MARGIN) this.#document.addPage();
  }
}

/** By the font of the document, which the package's types leave out. */
function hasGlyph(document: PDFKit.PDFDocument, codePoint: number): boolean {
  const { _font: embedded } = document as unknown as {
    _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } };
  };
  return embedded.font.hasGlyphForCodePoint(codePoint);
}
