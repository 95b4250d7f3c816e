/** The sheets that a printer gets of a page, with the place of each text. Lengths are in points from the top left. */
import type { Page } from 'playwright-core';
import { getDocumentProxy } from 'unpdf';

export interface PrintedText {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Sheet {
  width: number;
  height: number;
  texts: PrintedText[];
  /** All of it in reading order, in compatible letters and with single blanks. */
  text: string;
}

/** Prints the page as the browser does, on the paper of the page's style sheet. */
export async function printPage(page: Page): Promise<Sheet[]> {
  const pdf = await getDocumentProxy(new Uint8Array(await page.pdf({ preferCSSPageSize: true })));
  const sheets: Sheet[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const sheet = await pdf.getPage(number);
    const [, , width = 0, height = 0] = sheet.view;
    const { items } = await sheet.getTextContent();
    const texts = items.flatMap((item): PrintedText[] => {
      if (!('str' in item) || item.str.trim() === '') return [];
      const [, , , , left = 0, base = 0] = item.transform.map(Number);
      const top = height - base - item.height;
      return [{ text: item.str, left, right: left + item.width, top, bottom: height - base }];
    });
    const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? ' ' : ''}` : '')).join('');
    sheets.push({ width, height, texts, text: text.normalize('NFKC').replace(/\s+/g, ' ') });
  }
  return sheets;
}
