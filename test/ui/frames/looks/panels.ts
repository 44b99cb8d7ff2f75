import type { Look } from '../look.js';

const panel = (text: string, more: Partial<Look> = {}): Look => ({
  name: `the answer to ${text}`,
  scene: ({ run }) => run(text),
  ...more,
});

export const panelLooks: readonly Look[] = [
  panel('/help', { reaches: ['/context', '/doctor', 'Shift+Tab'] }),
  panel('/help undo', { sees: ['/undo'] }),
  panel('/context', { sees: ['system prompt', 'free'] }),
  panel('/compact --dry-run', {
    reaches: ['recent  10 messages', 'not tried:', '… and 4 more'],
  }),
  panel('/uncompact', { sees: ['No compaction of this session is left'] }),
  panel('/status', { reaches: ['version   1.2.3', 'session   session-one'] }),
  panel('/cost', { reaches: ['session'] }),
  panel('/permissions', { reaches: ['mode   ask', 'deny   Bash(git push:*)'] }),
  panel('/permissions explain rm -rf build', { sees: ['ask: rm -rf build may'] }),
  panel('/doctor', { reaches: ['✓ git: /usr/bin/git', '✗ provider: no key', '1 thing is broken'] }),
  panel('/tools', { sees: ['Read', 'Bash'] }),
  panel('/config', { reaches: ['compaction.strategy = "none"', '/work/.victorrc:4'] }),
  panel('/model', { sees: ['Who answers?', '❯ fake/one (current)'] }),
  panel('/sessions', { sees: ['Which session?'] }),
  panel('/why', { sees: ['cache'] }),
  panel('/undo', { sees: ['There is no edit to undo'] }),
  panel('/modle', { reaches: ['Did you mean /model?'] }),
];
