import type { Surroundings } from './places.js';
import { Player } from './player.js';
import { Recorder } from './recorder.js';
import type { Traffic } from './traffic.js';

export interface TrafficOptions extends Partial<Surroundings> {
  /** Absolute path of the recording. */
  readonly file: string;
}

/**
 * Records the model traffic of an orchestrator, to be passed to `createOrchestrator` as `traffic`. The file is written
 * when the orchestrator is closed. Throws `ConfigError` when another file is in its place.
 */
export function recordTraffic(options: TrafficOptions): Traffic {
  return new Recorder(options.file, surroundings(options));
}

/**
 * Plays a recording in place of the network, to be passed to `createOrchestrator` as `traffic`; tools really run. A
 * request that is not in it fails with `ReplayError`. Throws `ConfigError` when the file is no recording.
 */
export function replayTraffic(options: TrafficOptions): Traffic {
  return new Player(options.file, surroundings(options));
}

function surroundings({ cwd = process.cwd(), environment = process.env }: TrafficOptions): Surroundings {
  return { cwd, environment };
}
