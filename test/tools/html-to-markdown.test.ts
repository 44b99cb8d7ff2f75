import { describe, expect, it } from 'vitest';
import { htmlToMarkdown } from '../../src/tools/web/html-to-markdown.js';

const markdown = (html: string) => htmlToMarkdown(html, new URL('https://site.example/docs/page'));

describe('a page as Markdown', () => {
  it.each([
    [
      'headings and paragraphs that nobody closed',
      '<h2>A <i>b</i></h2><p>one<p>two',
      '## A *b*\n\none\n\ntwo',
    ],
    ['marks close to their words', 'a <b> b </b> c<code>x</code>', 'a **b** c`x`'],
    [
      'links, whole',
      '<a href="../x">up</a> <a href="#here">here</a> <a href="javascript:x()">no</a>',
      '[up](https://site.example/x) here no',
    ],
    ['a link around blocks', '<a href="/x"><div>one</div><div>two</div></a>', 'one\n\ntwo'],
    [
      'pictures by what they say',
      '<img alt="a cat" src="cat.png"><img src="pixel.gif"><img alt=d src="data:x">',
      '![a cat](https://site.example/docs/cat.png)d',
    ],
    ['lists in lists', '<ul><li>a<ol start=3><li>b<li>c</ol><li>d</ul>', '- a\n  3. b\n  4. c\n- d'],
    [
      'code with its language and its own fences',
      '<pre class="lang-md"><code>\na\n  ```\nb\n</code></pre>',
      '````md\na\n  ```\nb\n````',
    ],
    [
      'tables',
      '<table><thead><tr><th>A<th>B</thead><tr><td>1|2<td><p>x</p><p>y</p></table>',
      '| A | B |\n| --- | --- |\n| 1\\|2 | x y |',
    ],
    ['a table for the looks', '<table><tr><td>one<tr><td>two</table>', 'one\n\ntwo'],
    ['quotes', '<blockquote><p>a</p><p>b</p></blockquote>', '> a\n>\n> b'],
    ['definitions', '<dl><dt>a<dd>b<dt>c<dd>d</dl>', 'a\n\n: b\n\nc\n\n: d'],
    ['line breaks and rules', 'a<br>b<hr>c', 'a\nb\n\n---\n\nc'],
    [
      'entities',
      '&lt;b&gt; caf&eacute; &#x41;&#66; &nothing; &copy 5 &amp;lt; &#0;',
      '<b> café AB &nothing; © 5 &lt; \ufffd',
    ],
    [
      'only the main part, under the title',
      '<title>T &amp; U</title><nav>n</nav><main>m</main><footer>f',
      '# T & U\n\nm',
    ],
    ['another base', '<base href="https://other.example/"><a href="x">l</a>', '[l](https://other.example/x)'],
    ['what is no tag', 'a < b, 1<2 </ > <!-- no --> <!doctype x> <?php x ?> c', 'a < b, 1<2 c'],
    [
      'attributes in every quoting',
      `<a title='a>b' href=/x data-y="<p>">l</a>`,
      '[l](https://site.example/x)',
    ],
  ])('has %s', (_, html, expected) => {
    expect(markdown(html)).toBe(expected);
  });

  it.each([
    '<script>x</script>',
    '<SCRIPT>if (a</b) x</SCRIPT >',
    '<style>p{}</style>',
    '<p hidden>x</p>',
    '<p style="color:red; DISPLAY : none">x</p>',
    '<div style="visibility:hidden"><p>x</p></div>',
    '<template><p>x</p></template>',
    '<noscript>x</noscript>',
    '<svg><text>x</text></svg>',
    '<button>x</button>',
    '<!-- x -->',
    '<ul><li hidden>x</ul>',
    '<table hidden><tr><td>x<td>x</table>',
    '<script>never closed x',
  ])('has nothing that a reader does not see: %s', (html) => {
    expect(markdown(`<p>a</p>${html}`)).toBe('a');
  });

  it.each([
    ['signs', '<'],
    ['tags that never end', '<a '],
    ['elements in one another', '<div>'],
    ['comments', '<!--'],
    ['quotes that never end', '<a href="'],
    ['quoted blocks', '<blockquote>'],
    ['list items', '<li>'],
    ['scripts', '<script>'],
    ['marks', '<b> '],
    ['entities', '&#x'],
  ])('is made of a megabyte of %s, too', (_, piece) => {
    const html = piece.repeat(Math.ceil(1_000_000 / piece.length));
    expect(markdown(`${html}`).length).toBeLessThanOrEqual(1_000_020);
  });
});
