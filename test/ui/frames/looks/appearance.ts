import { type Appearance, usualAppearance } from '../../../../src/ui/appearance.js';
import type { Scene } from '../draw.js';
import type { Look } from '../look.js';
import type { Stage } from '../stage.js';

/** A little of everything: prose, a call, an edit, a panel with bars, a question. */
const much: Scene = async (stage) => {
  stage.show(
    { kind: 'user', text: 'Fix it.' },
    { kind: 'answer', text: 'The **loop** has no end:\n\n- `next()` first', fence: '' },
    {
      kind: 'tool',
      name: 'Edit',
      title: 'src/a.ts',
      status: 'done',
      summary: '+1 -1',
      durationMs: 340,
      change: { path: 'src/a.ts', before: 'let a = 1;\n', after: 'let a = 2;\n' },
    },
    { kind: 'notice', level: 'warning', text: 'The budget of today is nearly used up.' },
  );
  await stage.run('/context');
};

const looking = (name: string, change: Partial<Appearance>, more: Partial<Look> = {}): Look => ({
  name,
  scene: async (stage: Stage) => {
    stage.store.update({ appearance: { ...usualAppearance, ...change } }, 'now');
    await much(stage);
  },
  ...more,
});

export const appearanceLooks: readonly Look[] = [
  looking('a terminal without Unicode', { ascii: true }, { ascii: true }),
  looking('a chat for somebody who listens', { spoken: true }, { reaches: ['done: Edit', 'warning: '] }),
  looking('the dark theme', { theme: 'dark' }),
  looking('the light theme', { theme: 'light', background: 'light' }),
  looking('the theme of high contrast', { theme: 'high-contrast' }),
  looking('the theme for the colour-blind', { theme: 'colour-blind' }),
];
