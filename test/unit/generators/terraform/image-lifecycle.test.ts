import { parse } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { expiredImages, type Image } from '../../../support/image-lifecycle';
import type { LifecyclePolicy } from '../../../support/live';
import { moduleFiles } from '../../../support/terraform-variants';

const images = fc.uniqueArray(
  fc.record<Image>({
    digest: fc.nat().map((number) => `sha256:${number.toString(16).padStart(64, '0')}`),
    tags: fc.array(fc.constantFrom('0.21.0', '0.22.0', 'x'), { maxLength: 2 }),
    age: fc.nat(1000),
  }),
  { selector: ({ digest }) => digest, maxLength: 30 },
);

describe('the lifecycle of images', async () => {
  const { rules } = await policyOf(moduleFiles('registry')['main.tf']!);

  it('the lifecycle of images never expires an image that has a tag, so that what runs or is rolled back to is there', () => {
    fc.assert(
      fc.property(images, (candidates) => {
        const expired = expiredImages({ rules }, candidates);
        expect(candidates.filter(({ digest, tags }) => expired.includes(digest) && tags.length > 0)).toEqual([]);
      }),
    );
  });

  it('the lifecycle of images expires an image without a tag in the end, and not at once', () => {
    const untagged = (age: number) => ({ digest: String(age), tags: [], age });
    expect(expiredImages({ rules }, [untagged(1), untagged(14), untagged(15), untagged(400)])).toEqual(['15', '400']);
  });
});

/** The policy that the module gives to `jsonencode`. */
async function policyOf(content: string): Promise<LifecyclePolicy> {
  const { resource } = (await parse('main.tf', content)) as {
    resource: { aws_ecr_lifecycle_policy: { mcp: [{ policy: string }] } };
  };
  const [, policy] = /^\$\{jsonencode\(([\s\S]*)\)\}$/.exec(resource.aws_ecr_lifecycle_policy.mcp[0].policy)!;
  const { locals } = (await parse('policy.tf', `locals {\n  policy = ${policy}\n}\n`)) as {
    locals: [{ policy: LifecyclePolicy }];
  };
  return locals[0].policy;
}
