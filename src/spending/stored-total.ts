import type { AnalyticsStore, Spending, SpendingQuery } from '../core/store.js';

/** A sum over what is stored, by whichever process. After the first time only what is new is read. */
export class StoredTotal {
  readonly #store: Pick<AnalyticsStore, 'spending'>;
  readonly #query: SpendingQuery;
  #position: number | undefined;
  #costUsd = 0;
  #unpricedCalls = 0;

  constructor(store: Pick<AnalyticsStore, 'spending'>, query: SpendingQuery) {
    this.#store = store;
    this.#query = query;
  }

  /** US dollars at the last `read`. */
  get costUsd(): number {
    return this.#costUsd;
  }

  get unpricedCalls(): number {
    return this.#unpricedCalls;
  }

  /** Reads what is new. One caller at a time. */
  async read(): Promise<void> {
    const after = this.#position === undefined ? {} : { after: this.#position };
    const found: Spending & { readonly position: number } = await this.#store.spending({
      ...this.#query,
      ...after,
    });
    this.#position = found.position;
    this.#costUsd += found.costUsd ?? 0;
    this.#unpricedCalls += found.unpricedCalls;
  }
}
