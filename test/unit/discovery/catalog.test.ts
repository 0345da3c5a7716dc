import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../../src/discovery/catalog';

const answering = (status: number, text: string) => async () => ({ status, text });
const CONFIG = { region: 'us-east-1', registryUrl: 'https://registry.example.com/', stackVersion: '1.66.0', other: 1 };

describe('the catalog', () => {
  it('the catalog is read from config.json at its root, whatever page was copied', async () => {
    const asked: string[] = [];
    const catalog = await readCatalog('https://quilt.example.com/b/bucket?x=1', async (url) => {
      asked.push(url);
      return { status: 200, text: JSON.stringify(CONFIG) };
    });
    expect(asked).toEqual(['https://quilt.example.com/config.json']);
    expect(catalog).toEqual({
      source: 'https://quilt.example.com/config.json',
      url: 'https://quilt.example.com',
      host: 'quilt.example.com',
      region: 'us-east-1',
      registryUrl: 'https://registry.example.com',
      stackVersion: '1.66.0',
    });
  });

  it.each([
    ['an error', answering(403, ''), 'answers with 403'],
    ['a page', answering(200, '<!doctype html>'), 'is not the JSON of a Quilt catalog'],
    ['a list', answering(200, '[]'), 'is not the JSON of a Quilt catalog'],
    ['nothing of it', answering(200, '{"region": 1}'), 'has no region and no registryUrl'],
    [
      'no answer',
      () => Promise.reject(new Error('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND quilt.example.com') })),
      'cannot be reached: getaddrinfo ENOTFOUND',
    ],
  ])('the catalog with %s is one clear message, with a remedy', async (_, fetch, message) => {
    const reading = readCatalog('https://quilt.example.com', fetch);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow('Is it the URL of a Quilt catalog, as a browser shows it?');
    await expect(reading).rejects.toMatchObject({ exitCode: 1 });
  });
});
