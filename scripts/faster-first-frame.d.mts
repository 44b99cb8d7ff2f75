import type { Plugin } from 'esbuild';

export const narrow: string;
export function fasterStringWidth(source: string): string;
export function fasterYoga(source: string): string;
export function fasterFirstFrame(): Plugin;
