import type { Plugin } from 'esbuild';

export const mostTexts: number;
export function forgettingMeasures(source: string): string;
export function forgettingWraps(source: string): string;
export function forgettingInk(): Plugin;
