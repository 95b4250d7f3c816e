/** Inputs and outputs of the `admin` router's procedures on the shop's logo and colour, and on its policies. */
import { z } from 'zod';
import { count, longText, optional } from '../fields.ts';
import { MAX_LENGTH } from '../limits.ts';
import { POLICIES } from './policies.ts';

export const policyName = z.enum(POLICIES);

const pictureId = z.string().regex(/^[0-9a-f]{64}$/, 'must be the id of a picture that was sent');

/** Six hexadecimal digits after a `#`, in lower case. */
export const colour = z
  .string()
  .overwrite((typed) => typed.trim().toLowerCase())
  .regex(/^#[0-9a-f]{6}$/, 'must be a colour like #0b6e4f');

/** `width` and `height` in pixels, twice those at which it is shown at most. */
export const logo = z.strictObject({ pictureId, width: count, height: count });

/** `version`: of the settings; 0 before their first change. */
export const appearanceView = z.strictObject({
  version: count,
  logo: logo.nullable(),
  colour: colour.nullable(),
});

/** Both are replaced: a field that is missing is removed. `logo`: the id of one that was sent. */
export const setAppearanceInput = z.strictObject({
  version: count,
  logo: optional(pictureId),
  colour: optional(colour),
});

/** `outdated`: another change came first, and nothing was changed; the values are as they are now. */
const outcome = z.enum(['changed', 'outdated']);
export const setAppearanceOutput = appearanceView.extend({ outcome });

export const previewColourInput = z.strictObject({ colour });

/** The shades of links and buttons. */
export const colourPreview = z.strictObject({
  colour,
  /** Of the colour as text on white, from 1 to 21. The least of WCAG AA is 4.5. */
  contrast: z.number(),
  /** On light pages and in emails; the colour itself where its contrast suffices. */
  light: colour,
  /** For those who prefer dark pages. */
  dark: colour,
});

const writtenText = z.string().nullable();
/** null for one that is not written. */
const policies = z.strictObject({ returns: writtenText, delivery: writtenText, privacy: writtenText });

export const policiesView = z.strictObject({ version: count, policies });

const policyText = optional(longText(MAX_LENGTH.policy));

/** All of them are replaced: one that is missing is removed. */
export const setPoliciesInput = z.strictObject({
  version: count,
  policies: z.strictObject({ returns: policyText, delivery: policyText, privacy: policyText }),
});

export const setPoliciesOutput = policiesView.extend({ outcome });

export const byPolicy = z.strictObject({ name: policyName });

/** `text`: paragraphs between empty lines, `## ` before a heading, `- ` before an item of a list, `**strong**`, `[words](address)`. */
export const policyView = z.strictObject({ name: policyName, text: z.string() });
