import { describe, expect, it } from 'vitest';

import { environmentNames, optionalVariable, variable, WrongInput } from '../../../../src/operations/github/variables';

const HOSTILE = ['7\n8', '7 ', '-7', '7;id', '$(id)', '٧'];

describe('a variable', () => {
  it('a variable must be of its pattern from beginning to end', () => {
    const number = (N: string | undefined) => variable({ N }, 'N', /[0-9]+|none/, 'a number or none');
    expect([number('7'), number('none')]).toEqual(['7', 'none']);
    for (const value of [...HOSTILE, '', undefined, 'none7', '7none']) {
      expect(() => number(value)).toThrow(new WrongInput('N must be a number or none.'));
    }
    expect(new WrongInput('').exitCode).toBe(2);
  });

  it('a variable may be left out or empty, if it is said so', () => {
    const number = (N: string | undefined) => optionalVariable({ N }, 'N', /[0-9]+/, 'a number');
    expect([number('7'), number(''), number(undefined)]).toEqual(['7', undefined, undefined]);
    for (const value of HOSTILE) expect(() => number(value)).toThrow('N must be a number.');
  });

  it('a variable with names of environments has nothing that is none', () => {
    expect(environmentNames({ ENVIRONMENTS: '["dev","eu-1"]' })).toEqual(['dev', 'eu-1']);
    for (const value of [
      '',
      '[]',
      '["../x"]',
      '["dev"',
      '["dev"]\n',
      '["dev", "test"]',
      '["a\\u002fb"]',
      '[["dev"]]',
    ]) {
      expect(() => environmentNames({ ENVIRONMENTS: value })).toThrow(
        /^ENVIRONMENTS must be a list of names in JSON\.$/,
      );
    }
  });
});
