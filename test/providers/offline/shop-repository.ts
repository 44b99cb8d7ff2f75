/** A small web shop in JavaScript, with the distractors a real one has: tests, a README, a lock file, built output. */
export const shopRepository: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "shop",
  "version": "2.3.0",
  "scripts": { "start": "node src/server.js", "test": "node --test" },
  "dependencies": { "express": "^4.19.0", "better-sqlite3": "^11.0.0" }
}
`,
  'package-lock.json': `{ "name": "shop", "lockfileVersion": 3, "packages": { "node_modules/session-store": { "version": "1.0.0" } } }
`,
  '.gitignore': 'dist/\nnode_modules/\n',
  'README.md': `# Shop

A web shop. Orders and customers are stored in a database. Sessions end after a while.
The discount for loyal customers is explained on the pricing page.
Run \`npm start\` to start the server; the port can be configured.
`,
  'src/server.js': `import express from 'express';
import { openDatabase } from './database.js';
import { requireLogin } from './auth/require-login.js';
import { cartRoutes } from './routes/cart.js';
import { orderRoutes } from './routes/orders.js';
import { settings } from './settings.js';

const app = express();
const database = openDatabase(settings.databaseFile);

app.use(express.json({ limit: '100kb' }));
app.use('/cart', cartRoutes(database));
app.use('/orders', requireLogin(database), orderRoutes(database));

app.listen(settings.port, () => {
  console.log('listening on ' + settings.port);
});
`,
  'src/settings.js': `/** Everything that the environment may change. */
export const settings = {
  port: Number(process.env.SHOP_PORT ?? 8080),
  databaseFile: process.env.SHOP_DATABASE ?? 'shop.db',
  sessionMinutes: Number(process.env.SHOP_SESSION_MINUTES ?? 30),
  currency: 'EUR',
};
`,
  'src/database.js': `import Database from 'better-sqlite3';

const schema = \`
CREATE TABLE IF NOT EXISTS customers (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  total_cents INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS login_sessions (
  token TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
\`;

export function openDatabase(file) {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.exec(schema);
  return database;
}
`,
  'src/auth/require-login.js': `import { findSession } from './sessions.js';

/** Lets a request through only with a session that has not expired. */
export function requireLogin(database) {
  return (request, response, next) => {
    const session = findSession(database, request.headers.authorization);
    if (!session) return response.status(401).json({ error: 'login required' });
    request.customerId = session.customer_id;
    next();
  };
}
`,
  'src/auth/sessions.js': `import { randomBytes } from 'node:crypto';
import { settings } from '../settings.js';

export function createSession(database, customerId, now = Date.now()) {
  const token = randomBytes(32).toString('hex');
  const expiresAt = now + settings.sessionMinutes * 60_000;
  database.prepare('INSERT INTO login_sessions VALUES (?, ?, ?)').run(token, customerId, expiresAt);
  return token;
}

export function findSession(database, token, now = Date.now()) {
  return database
    .prepare('SELECT * FROM login_sessions WHERE token = ? AND expires_at > ?')
    .get(token, now);
}
`,
  'src/auth/password.js': `import { scryptSync, timingSafeEqual, randomBytes } from 'node:crypto';

export function hashPassword(password) {
  const salt = randomBytes(16);
  return salt.toString('hex') + ':' + scryptSync(password, salt, 64).toString('hex');
}

export function verifyPassword(password, stored) {
  const [salt, hash] = stored.split(':');
  const actual = scryptSync(password, Buffer.from(salt, 'hex'), 64);
  return timingSafeEqual(actual, Buffer.from(hash, 'hex'));
}
`,
  'src/pricing/discount.js': `const LOYAL_ORDERS = 10;

/** The share of the price that a customer does not pay, from 0 to 1. */
export function discountFor(customer, items) {
  if (customer.orderCount >= LOYAL_ORDERS) return 0.15;
  if (items.length >= 5) return 0.05;
  return 0;
}
`,
  'src/pricing/total.js': `import { discountFor } from './discount.js';
import { taxRate } from './tax.js';

export function totalCents(customer, items, country) {
  const net = items.reduce((sum, item) => sum + item.cents * item.quantity, 0);
  const discounted = net * (1 - discountFor(customer, items));
  return Math.round(discounted * (1 + taxRate(country)));
}
`,
  'src/pricing/tax.js': `const rates = { DE: 0.19, FR: 0.2, LU: 0.17 };

export function taxRate(country) {
  const rate = rates[country];
  if (rate === undefined) throw new Error('no tax rate for ' + country);
  return rate;
}
`,
  'src/routes/cart.js': `import { Router } from 'express';

export function cartRoutes(database) {
  const router = Router();
  router.get('/', (request, response) => response.json({ items: [] }));
  router.post('/items', (request, response) => {
    const { productId, quantity } = request.body;
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 99) {
      return response.status(400).json({ error: 'quantity must be from 1 to 99' });
    }
    response.status(201).json({ productId, quantity });
  });
  return router;
}
`,
  'src/routes/orders.js': `import { Router } from 'express';
import { sendMail } from '../mail/send-mail.js';
import { totalCents } from '../pricing/total.js';

export function orderRoutes(database) {
  const router = Router();
  router.post('/', async (request, response) => {
    const total = totalCents(request.customer, request.body.items, request.body.country);
    const insert = database.prepare('INSERT INTO orders (customer_id, total_cents) VALUES (?, ?)');
    const { lastInsertRowid } = insert.run(request.customerId, total);
    await sendMail(request.customer.email, 'Your order ' + lastInsertRowid);
    response.status(201).json({ id: lastInsertRowid });
  });
  return router;
}
`,
  'src/mail/send-mail.js': `const MAX_ATTEMPTS = 4;

/** Tries again with growing pauses, because mail servers are often busy for a moment. */
export async function sendMail(address, subject, transport = defaultTransport) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transport(address, subject);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 100));
    }
  }
}

async function defaultTransport(address, subject) {
  console.log('mail to', address, subject);
}
`,
  'test/sessions.test.js': `import test from 'node:test';
import { createSession, findSession } from '../src/auth/sessions.js';

test('a session is stored in its table and expires', () => {
  const session = createSession(database, 1);
  // sessions are stored, sessions expire, sessions have a table
});
test('the discount is decided', () => {});
test('the tax rate of a country', () => {});
`,
  'dist/bundle.js':
    'var sessions={},table="sessions";function discountFor(){return .15}function sessionStore(){}\n',
};
