import { isPath } from '../config/entries.js';
import { contentHash } from '../config/saved-files.js';
import type { Ingredients, Obtain } from './extension-loader.js';
import { resolveEntry } from './registry.js';

type Instances = Map<string, unknown[]>;

/** One loading of extensions, in which those that were there already are taken over. It counts once it is accepted. */
export interface Generation {
  readonly obtain: Obtain;
  accept(): void;
}

/** The extensions of this process by what they were made of, and the code of each as it was when it was loaded. */
export class ExtensionInstances {
  #current: Instances = new Map();
  readonly #hashes = new Map<string, string>();

  nextGeneration(): Generation {
    const left: Instances = new Map([...this.#current].map(([key, made]) => [key, [...made]]));
    const made: Instances = new Map();
    const obtain: Obtain = async <T>(ingredients: Ingredients, load: () => Promise<T>) => {
      const key = this.#keyOf(ingredients);
      const before = left.get(key);
      const extension = before?.length ? (before.shift() as T) : await load();
      made.set(key, [...(made.get(key) ?? []), extension]);
      return extension;
    };
    const accept = () => {
      this.#current = made;
    };
    return { obtain, accept };
  }

  /** Whether this file was never loaded, or holds something else by now. */
  isNew(file: string): boolean {
    return this.#hashes.get(file) !== contentHash(file);
  }

  /** Whether this file was loaded once. */
  knows(file: string): boolean {
    return this.#hashes.has(file);
  }

  /** Remembers a file as it is now, which is what is loaded from it from now on. */
  remember(file: string): void {
    this.#hashes.set(file, contentHash(file));
  }

  #keyOf({ kind, entry, baseDirectory, trusted, embedder }: Ingredients): string {
    const { name } = resolveEntry(entry);
    if (isPath(name) && !this.knows(name)) this.remember(name);
    return JSON.stringify([kind, entry, baseDirectory, trusted, embedder, this.#hashes.get(name)]);
  }
}
