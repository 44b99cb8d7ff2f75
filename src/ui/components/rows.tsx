import { Text, type TextProps } from 'ink';
import { createElement, type ReactElement } from 'react';
import type { Span, SpanStyle } from '../spans.js';
import { SafeText } from './safe-text.js';

const styles: Readonly<Record<SpanStyle, Omit<TextProps, 'children'>>> = {
  plain: {},
  bold: { bold: true },
  italic: { italic: true },
  code: { color: 'cyan' },
  link: { underline: true },
  dim: { dimColor: true },
  added: { color: 'green' },
  removed: { color: 'red' },
  accent: { bold: true, color: 'yellow' },
};

/**
 * Rows that already fit the width, as one text so that the layout engine sees one node.
 * Children are spread, not listed: rows and spans have no identity but their place.
 */
export function Rows({ rows }: { readonly rows: readonly (readonly Span[])[] }): ReactElement | null {
  if (rows.length === 0) return null;
  const children = rows.flatMap((spans, row) => {
    const pieces = spans.filter((span) => span.text !== '').map(piece);
    // A text without characters would have no height.
    const shown = pieces.length > 0 ? pieces : [' '];
    return row === 0 ? shown : ['\n', ...shown];
  });
  return createElement(Text, { wrap: 'truncate' }, ...children);
}

function piece({ text, style }: Span): ReactElement {
  return createElement(SafeText, { ...styles[style], text });
}
