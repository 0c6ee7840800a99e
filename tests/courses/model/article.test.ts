import { describe, expect, it } from 'vitest';
import { parseArticle, spokenText } from '../../../courses/model/article.ts';
import { countCharacters, leastReadingSeconds } from '../../../courses/model/reading.ts';
import { randomOf } from '../../../courses/model/shuffle.ts';

const text = (words: string) => [{ kind: 'text', text: words }];

describe('an article', () => {
  it.each([
    ['# 大题', [{ kind: 'heading', level: 2, text: text('大题') }]],
    ['### 小题', [{ kind: 'heading', level: 3, text: text('小题') }]],
    ['一行\n二行 A\nB 三', [{ kind: 'paragraph', text: text('一行二行 A B 三') }]],
    [
      '前\n- 一\n- 二',
      [
        { kind: 'paragraph', text: text('前') },
        { kind: 'list', ordered: false, start: 1, items: [text('一'), text('二')] },
      ],
    ],
    ['3. 三\n   续\n4. 四', [{ kind: 'list', ordered: true, start: 3, items: [text('三续'), text('四')] }]],
    [
      '| 货 | 价 |\n| -- | --: |\n| 米 | 5 |\n| 茶 |',
      [
        {
          kind: 'table',
          head: [text('货'), text('价')],
          rows: [
            [text('米'), text('5')],
            [text('茶'), []],
          ],
        },
      ],
    ],
    [
      '> **提示** 别急\n>\n> 再看',
      [
        {
          kind: 'note',
          text: [
            [
              { kind: 'strong', text: '提示' },
              { kind: 'text', text: ' 别急' },
            ],
            text('再看'),
          ],
        },
      ],
    ],
    ['![筐](drawings/a.svg)', [{ kind: 'picture', asset: 'drawings/a.svg', alt: '筐' }]],
    [
      '看[这里](https://a.cn/b)和[那里](javascript:x)',
      [
        {
          kind: 'paragraph',
          text: [
            { kind: 'text', text: '看' },
            { kind: 'link', text: '这里', href: 'https://a.cn/b' },
            { kind: 'text', text: '和[那里](javascript:x)' },
          ],
        },
      ],
    ],
    ['<b onclick=x>粗</b>', [{ kind: 'paragraph', text: text('<b onclick=x>粗</b>') }]],
  ])('%j', (body, blocks) => {
    expect(parseArticle(body)).toEqual(blocks);
  });

  it('is read to its end whatever it is made of, and loses no character that is said', () => {
    const random = randomOf('articles');
    const pieces = [
      '#',
      '##',
      ' ',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      '> ',
      '|',
      '--',
      '|-|-|',
      '**',
      '![',
      '](',
      ')',
      '文',
      'a',
      '  ',
    ];
    for (let n = 0; n < 400; n += 1) {
      const body = Array.from({ length: 30 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const said = parseArticle(body).map(spokenText).join('');
      const wanted = body.match(/文/g)?.length ?? 0;
      // A row may be wider than its table: what the head does not name is dropped.
      if (!body.includes('|') && !body.includes(']('))
        expect(said.match(/文/g)?.length ?? 0, body).toBe(wanted);
    }
  });

  it('counts what is read, not its marks', () => {
    expect(countCharacters('## 标题\n\n**两个**字，abc 12。')).toBe(10);
  });

  it('takes a least time to read', () => {
    const article = {
      kind: 'article',
      key: 'a',
      title: 'a',
      minutes: 1,
      completion: { by: 'read' },
    } as const;
    expect(leastReadingSeconds({ ...article, body: '字'.repeat(1_000) })).toBe(50);
    const { body: _, ...pages } = {
      ...article,
      body: '',
      kind: 'document' as const,
      pages: ['1.png', '2.png'],
    };
    expect(leastReadingSeconds(pages)).toBe(2);
  });
});
