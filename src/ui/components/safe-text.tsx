import { Text, type TextProps } from 'ink';
import type { ReactElement } from 'react';
import { displayable } from '../displayable.js';

export type SafeTextProps = Omit<TextProps, 'children'> & { readonly text: string };

/** The only component that hands strings to Ink: nothing reaches the screen unsanitised. */
export function SafeText({ text, ...style }: SafeTextProps): ReactElement | null {
  return <Text {...style}>{displayable(text)}</Text>;
}
