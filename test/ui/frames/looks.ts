import type { Look } from './look.js';
import { appearanceLooks } from './looks/appearance.js';
import { inputLooks } from './looks/input.js';
import { menuLooks } from './looks/menus.js';
import { panelLooks } from './looks/panels.js';
import { questionLooks } from './looks/questions.js';
import { smallLooks } from './looks/small.js';
import { statusLooks } from './looks/status.js';
import { transcriptLooks } from './looks/transcript.js';
import { turnLooks } from './looks/turn.js';

export type { Look } from './look.js';

/** Every state that is drawn and compared. One more is one more line in one of these. */
export const looks: readonly Look[] = [
  ...inputLooks,
  ...menuLooks,
  ...turnLooks,
  ...transcriptLooks,
  ...questionLooks,
  ...smallLooks,
  ...panelLooks,
  ...statusLooks,
  ...appearanceLooks,
];
