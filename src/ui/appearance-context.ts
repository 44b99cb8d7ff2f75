import { createContext, useContext } from 'react';
import { type Appearance, usualAppearance } from './appearance.js';

/** How everything inside of it looks. */
export const AppearanceContext = createContext<Appearance>(usualAppearance);

export function useAppearance(): Appearance {
  return useContext(AppearanceContext);
}
