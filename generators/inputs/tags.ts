import type { Tags } from '../../src/model/deployment';
import type { Input } from './input';

/** The tags of a layer. CloudFormation and the CDK give a stack its tags otherwise. */
export function tags<Layer extends { readonly tags: Tags }>(description: string): Input<Layer> {
  return {
    name: 'tags',
    description,
    default: {},
    value: (layer) => layer.tags,
    terraform: {
      type: 'map(string)',
      rules: [
        [
          'alltrue([for key in keys(var.tags) : !startswith(lower(key), "aws:")])',
          'Tag keys that begin with aws: belong to AWS.',
        ],
      ],
    },
  };
}
