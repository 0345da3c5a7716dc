import { describe, expect, it } from 'vitest';
import { replacingProperties } from '../../../src/rehearsal/cloudformation/spec';
import type { TemplateObject } from '../../../src/rehearsal/cloudformation/template';
import { factsOf, RESOURCE_TYPES } from '../../../src/resources/types';
import { RESOURCES } from '../../parity/properties';
import { replacedIn } from '../../parity/replaced';
import { moduleFiles } from '../../support/terraform-variants';

/** The table of what is replaced where a property changes, held against what replaces it. */
describe('the table of replacements', () => {
  it('the table of replacements names nothing but types and properties that there are', () => {
    const named = RESOURCE_TYPES.map((type) => {
      const { replaced, revised } = factsOf(type);
      // One or the other, or nothing would come of a change.
      expect([replaced, revised].filter(Boolean), `${type} of src/resources/types.ts`).toHaveLength(1);
      return [type, revised ?? Object.keys(replaced!)] as const;
    });
    const unknown = named.flatMap(([type, names]) =>
      names.filter((name) => !(name in RESOURCES[type]!.properties)).map((name) => `${type}.${name}`),
    );
    expect(unknown, 'make it in a file of src/resources, or take it from src/resources/types.ts').toEqual([]);
  });

  it.each(['cloudformation', 'cdk'] as const)('the replacements for %s are what CloudFormation specifies', (target) => {
    const specified = RESOURCE_TYPES.flatMap((type) =>
      Object.entries(RESOURCES[type]!.properties)
        .filter(([, { template }]) => !template.startsWith('@'))
        .filter(([, { template }]) => {
          const [before, after] = ['a', 'b'].map((value) => treeOf(template, value) as TemplateObject);
          return replacingProperties(RESOURCES[type]!.template, before!, after!).length > 0;
        })
        .map(([name]) => `${type}.${name}`),
    );
    expect(replacedIn(target).filter((property) => !property.endsWith('.retain'))).toEqual(specified.sort());
  });

  it('the table of replacements knows what is destroyed before its successor is made', () => {
    const text = Object.values({ ...moduleFiles('registry'), ...moduleFiles('mcp_server') }).join('\n');
    const blocks = [...text.matchAll(/^resource "(\w+)" "\w+" \{\n[\s\S]*?^\}/gm)];
    const keeping = new Set(
      blocks.filter(([block]) => block.includes('create_before_destroy = true')).map(([, type]) => type),
    );
    // Terraform gives the same order to whatever these depend on.
    const needed = ['logGroup', 'role'];
    const first = RESOURCE_TYPES.filter((type) => !keeping.has(RESOURCES[type]!.plan) && !needed.includes(type));
    const way = 'a type has create_before_destroy in templates/terraform, or destroyedFirst in src/resources/types.ts';
    expect([...first].sort(), way).toEqual(RESOURCE_TYPES.filter((type) => factsOf(type).destroyedFirst).sort());
  });
});

/** A tree with one value, at a path of the list of properties. */
function treeOf(path: string, value: unknown): unknown {
  const keys = path.replace(/^Attributes\..*/, 'TargetGroupAttributes').split('.');
  return keys.reduceRight<unknown>((inner, key) => (key === '0' ? [inner] : { [key]: inner }), value);
}
