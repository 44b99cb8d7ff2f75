import { createMemoryStore } from '../../src/storage/memory-store.js';
import { describeStore } from './store-conformance.js';

describeStore('memory store', async () => createMemoryStore());
