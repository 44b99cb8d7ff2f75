import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/config/mask-secrets.js';

describe('K11: settings are shown without their secrets', () => {
  it('leaves at most the last four characters of what is named like a secret, however deep', () => {
    const shown = maskSecrets({
      exporters: [['./x.js', { headers: { Authorization: 'Bearer abcdefghijkl' }, apiKey: 'sk-1234567890' }]],
    });
    expect(JSON.stringify(shown)).toBe(
      '{"exporters":[["./x.js",{"headers":{"Authorization":"…ijkl"},"apiKey":"…7890"}]]}',
    );
  });

  it('shows nothing of a short one', () => {
    expect(maskSecrets({ token: 'abcd' })).toEqual({ token: '…' });
  });

  it('K11, K12: shows nothing of who logs in at an address', () => {
    const url = 'https://user:pass@a.example/x?y=u@b';
    expect(maskSecrets({ url, list: [url] })).toEqual({
      url: 'https://…@a.example/x?y=u@b',
      list: ['https://…@a.example/x?y=u@b'],
    });
  });

  it('leaves everything else alone', () => {
    const settings = { maxTokens: 8192, apiKeyFile: '/home/me/key', model: 'm', list: [1, null, true] };
    expect(maskSecrets(settings)).toEqual(settings);
  });
});
