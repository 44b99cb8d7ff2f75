const actions = new Set<() => void>();

/** Runs this when the process ends in order, whoever ends it, unless the answered function was called before. */
export function atExit(action: () => void): () => void {
  if (actions.size === 0) process.once('exit', runAll);
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size === 0) process.removeListener('exit', runAll);
  };
}

/** One that fails must not keep the others from their turn. */
function runAll(): void {
  for (const action of actions) {
    try {
      action();
    } catch {
      // The process ends either way, and what is on the disk is whole.
    }
  }
}
