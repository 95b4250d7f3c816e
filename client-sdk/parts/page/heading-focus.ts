/** After a navigation the new page's heading takes the focus, so that a screen reader announces the page. */

let headingFocusRequested = false;

/** The next heading that is mounted will take the focus. */
export function requestHeadingFocus(): void {
  headingFocusRequested = true;
}

/** True once after each navigation to another path. */
export function takeHeadingFocusRequest(): boolean {
  const requested = headingFocusRequested;
  headingFocusRequested = false;
  return requested;
}
