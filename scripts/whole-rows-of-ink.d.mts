import type { Plugin } from 'esbuild';

export const mostRows: number;
export function wholeRows(source: string): string;
export function wholeRowsOfInk(): Plugin;
