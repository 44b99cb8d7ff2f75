import type {
  DecisionBatch,
  DecisionCost,
  DecisionEntry,
  DecisionInput,
  DecisionRecord,
  DecisionWords,
} from '../core/decision-record.js';
import { newId } from '../core/id.js';
import { bounded, briefInputs, briefWords } from './brief.js';

type Inputs = Readonly<Record<string, DecisionInput>>;

/** Words that were kept, and with which inputs. */
interface Known {
  readonly key: string;
  readonly words: DecisionWords;
  readonly inputs: Inputs;
  /** The same as they were given. */
  readonly given: Inputs;
  /** How many entries were kept before. */
  readonly place: number;
}

interface Pending {
  readonly at: number;
  readonly known: Known;
  /** It is the first with these words. */
  readonly isNew: boolean;
  readonly inputs: Inputs;
  turnId: string | undefined;
  times: number;
  cost: DecisionCost;
}

/** Words of which it is remembered that they were kept, and how many entries ago that may be. */
const MOST_KNOWN = 200;
const FARTHEST = 1_000;
/** Milliseconds in which the same may come again to be counted, and entries that wait for that at most. */
const LONGEST_WAIT_MS = 2_000;
const MOST_PENDING = 64;

/** The decisions of one session on their way to the store: the same one again is counted, the same words are kept once. */
export class SessionDecisions {
  readonly #run = newId().slice(-4);
  readonly #known = new Map<string, Known>();
  #pending: Pending[] = [];
  #kept = 0;
  #takenAt = performance.now();
  #turnId: string | undefined;

  /** What was decided since the last turn belongs to the one that begins, as far as it is not kept yet. */
  turnBegins(turnId: string): void {
    this.#turnId = turnId;
    for (const one of this.#pending) one.turnId ??= turnId;
  }

  turnEnds(): void {
    this.#turnId = undefined;
  }

  note(given: DecisionRecord): void {
    const record = bounded(given);
    const [known, isNew] = this.#knownOf(record);
    const inputs = isSame(record.inputs ?? {}, known.given) ? known.inputs : briefInputs(record.inputs);
    const turnId = this.#turnId;
    const same = this.#pending.find(
      (one) => one.known === known && one.turnId === turnId && isSame(one.inputs, inputs),
    );
    if (same) {
      same.times += 1;
      same.cost = sumOf(same.cost, record.cost ?? {});
      return;
    }
    this.#pending.push({ at: Date.now(), known, isNew, inputs, turnId, times: 1, cost: record.cost ?? {} });
  }

  /** Whether there is enough to be kept, or it has waited long enough. */
  get isDue(): boolean {
    const waited = performance.now() - this.#takenAt;
    return this.#pending.length >= MOST_PENDING || waited >= LONGEST_WAIT_MS;
  }

  /** What is to be kept now, in order, by turn. */
  take(): DecisionBatch[] {
    this.#takenAt = performance.now();
    const batches: { turnId: string | undefined; entries: DecisionEntry[] }[] = [];
    for (const one of this.#pending) {
      if (batches.at(-1)?.turnId !== one.turnId || batches.length === 0)
        batches.push({ turnId: one.turnId, entries: [] });
      batches.at(-1)!.entries.push(entryOf(one));
    }
    this.#pending = [];
    return batches.map(({ turnId, entries }) => ({ ...(turnId === undefined ? {} : { turnId }), entries }));
  }

  #knownOf(record: DecisionRecord): readonly [Known, boolean] {
    const { coordinator, decision, outcome, reason, inputs = {} } = record;
    // The names of the inputs are part of it: what is missing beside `as` is as it was there.
    const name = [coordinator, decision, outcome, reason, ...Object.keys(inputs)].join('\n');
    const before = this.#known.get(name);
    this.#kept += 1;
    if (before && this.#kept - before.place < FARTHEST) return [before, false];
    const key = `${this.#run}-${this.#kept.toString(36)}`;
    const brief = { words: briefWords(record), inputs: briefInputs(inputs), given: inputs };
    const known = { key, ...brief, place: this.#kept };
    this.#known.delete(name);
    this.#known.set(name, known);
    if (this.#known.size > MOST_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    return [known, true];
  }
}

function entryOf({ at, known, isNew, inputs, times, cost }: Pending): DecisionEntry {
  const differing = isNew ? inputs : differenceOf(inputs, known.inputs);
  const said = isNew ? { key: known.key, words: known.words } : { as: known.key };
  const took = rounded(cost);
  return {
    at,
    ...(times === 1 ? {} : { times }),
    ...said,
    ...(Object.keys(took).length > 0 ? { cost: took } : {}),
    ...(Object.keys(differing).length > 0 ? { inputs: differing } : {}),
  };
}

function differenceOf(inputs: Inputs, known: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([name, value]) => !isEqual(value, known[name])));
}

function isSame(some: Inputs, others: Inputs): boolean {
  return Object.entries(some).every(([name, value]) => isEqual(value, others[name]));
}

function isEqual(one: DecisionInput, other: DecisionInput | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function sumOf(some: DecisionCost, more: DecisionCost): DecisionCost {
  const names = ['ms', 'tokens', 'usd'] as const;
  const sums = names.map((name) => [name, (some[name] ?? 0) + (more[name] ?? 0)] as const);
  return Object.fromEntries(sums.filter(([name]) => name in some || name in more));
}

function rounded({ ms, ...rest }: DecisionCost): DecisionCost {
  const tenths = Math.round((ms ?? 0) * 10);
  return tenths === 0 ? rest : { ms: tenths / 10, ...rest };
}
