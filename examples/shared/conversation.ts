/** A conversation that wanders: it begins with the login and comes back to it at the end. */
export const conversation = [
  {
    topic: 'login',
    question: 'The login fails with an expired session token. Where is the token checked?',
    answer:
      'src/auth/session.ts checks the token: it compares its expiry with the server clock at each login.',
  },
  {
    topic: 'login',
    question: 'Why does the login of some users fail right after the token was made?',
    answer:
      'Their clocks are ahead. The session expiry is computed in the browser, so the token is born expired.',
  },
  {
    topic: 'layout',
    question: 'The sidebar overlaps the main column on narrow screens. What is wrong with the grid?',
    answer: 'The grid has fixed column widths. Use minmax, so that the sidebar shrinks on narrow screens.',
  },
  {
    topic: 'layout',
    question: 'And how do I hide the sidebar below 600 pixels?',
    answer: 'A media query for a width under 600 pixels sets the grid to one column and hides the sidebar.',
  },
  {
    topic: 'layout',
    question: 'The column headings jump when the fonts arrive. Can the layout stay still?',
    answer: 'Give the headings a font of the same metrics to fall back to; then the layout stays still.',
  },
  {
    topic: 'migration',
    question: 'I want to add a column to the invoices table in PostgreSQL without locking it.',
    answer: 'Add the column without a default in one migration, and fill the invoices table in batches.',
  },
  {
    topic: 'migration',
    question: 'How large should each batch of the migration be?',
    answer:
      'A few thousand rows: each batch of the migration then commits before PostgreSQL notices the lock.',
  },
  {
    topic: 'migration',
    question: 'And when may the column be NOT NULL?',
    answer: 'After the last batch: add the constraint NOT VALID, validate it, then make the column NOT NULL.',
  },
  {
    topic: 'release',
    question: 'Which steps does publishing the package to the npm registry take?',
    answer:
      'Raise the version, write the changelog, tag the commit; the pipeline publishes the package to npm.',
  },
  {
    topic: 'release',
    question: 'Can I take a published version back from the registry?',
    answer: 'Only within 72 hours. Better deprecate the version and publish a fixed package to the registry.',
  },
  {
    topic: 'release',
    question: 'Who may publish the package?',
    answer: 'Whoever owns the package on npm; the pipeline publishes with provenance and needs no password.',
  },
  {
    topic: 'login',
    question: 'Back to the login: make the server compute the expiry of the session token.',
    answer:
      'Done: src/auth/session.ts now computes the expiry at login, from the server clock, and signs the token.',
  },
] as const;

/** What messages are about, for example `login 4, layout 6`. */
export function topicsOf(messages: readonly { readonly content: string }[]): string {
  const counts = new Map<string, number>();
  for (const { content } of messages) {
    const said = conversation.find(({ question, answer }) => question === content || answer === content);
    if (said) counts.set(said.topic, (counts.get(said.topic) ?? 0) + 1);
  }
  return [...counts].map(([topic, count]) => `${topic} ${count}`).join(', ');
}
