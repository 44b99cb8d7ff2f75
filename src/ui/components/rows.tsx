import { Text } from 'ink';
import { createElement, type ReactElement } from 'react';
import type { Appearance } from '../appearance.js';
import { useAppearance } from '../appearance-context.js';
import { withAsciiMarks } from '../glyphs.js';
import type { Span } from '../spans.js';
import { type Styles, stylesOf } from '../themes.js';
import { SafeText } from './safe-text.js';

/**
 * Rows that already fit the width, as one text so that the layout engine sees one node.
 * Children are spread, not listed: rows and spans have no identity but their place.
 */
export function Rows({ rows }: { readonly rows: readonly (readonly Span[])[] }): ReactElement | null {
  const appearance = useAppearance();
  if (rows.length === 0) return null;
  const { ascii } = appearance;
  const styles = stylesFor(appearance);
  const children = rows.flatMap((spans, row) => {
    const pieces = spans.filter((span) => span.text !== '').map((span) => piece(span, styles, ascii));
    // A text without characters would have no height.
    const shown = pieces.length > 0 ? pieces : [' '];
    return row === 0 ? shown : ['\n', ...shown];
  });
  return createElement(Text, { wrap: 'truncate' }, ...children);
}

function piece({ text, style }: Span, styles: Styles, ascii: boolean): ReactElement {
  return createElement(SafeText, { ...styles[style], text: ascii ? withAsciiMarks(text) : text });
}

let last: { readonly of: Appearance; readonly styles: Styles } | undefined;

/** Every row of a frame asks for the same. */
function stylesFor(appearance: Appearance): Styles {
  if (last?.of !== appearance) {
    const { theme, background, level } = appearance;
    last = { of: appearance, styles: stylesOf(theme, background, level) };
  }
  return last.styles;
}
