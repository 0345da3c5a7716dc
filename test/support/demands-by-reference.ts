import { type Call, listOf, requestTags, textOf } from './aws-calls';
import type { Demand } from './evaluate';
import { type ActionReference, overlap } from './service-reference';

/** The ARN of a resource of a service where a call is made. */
type Arn = (service: string, resource: string) => string;

type About = Pick<Demand, 'resource' | 'context'>;

/**
 * What a call is about by the Service Authorization Reference alone: for a service of which nothing more is known. A resource
 * is in a parameter by its ARN, or by its name: that of a topic is `Name` or `TopicName`. Empty where it is in none.
 */
export function aboutByReference(call: Call, { types }: ActionReference, arn: Arn): readonly About[] {
  const context = tagsOf(call);
  const texts = Object.values(call.parameters).flatMap((value) =>
    typeof value === 'string' ? [value] : listOf({ value }, 'value').map(String),
  );
  const byArn = texts.filter((text) => text.startsWith('arn:') && types.some(({ pattern }) => overlap(text, pattern)));
  const byName = types.flatMap(({ name, pattern }) =>
    namesIn(call, name).map((one) => arn(call.service, pattern.split(':').slice(5).join(':').replace(/\*$/, one))),
  );
  return (byArn.length > 0 ? byArn : byName).map((resource) => ({ resource, context }));
}

/**
 * What AWS asks beyond a call's own name where it makes a resource with tags. Source: IAM User Guide, "Controlling access to AWS
 * resources using tags": most services ask for a permission to tag, too.
 */
export function taggingDemands(call: Call, abouts: readonly About[]): readonly Demand[] {
  const tagging = { action: `${call.service}:TagResource` };
  return call.action.startsWith('Create') && Object.keys(tagsOf(call)).length > 0
    ? abouts.map((about) => ({ ...about, ...tagging }))
    : [];
}

function tagsOf({ parameters }: Call): Record<string, string> {
  return requestTags(parameters.Tags ?? parameters.tags);
}

/** The names that a call gives for resources of a type such as `topic`. */
function namesIn({ parameters }: Call, type: string): string[] {
  const own = `${type.replace(/-/g, '')}name`.toLowerCase();
  return Object.keys(parameters).flatMap((key) => {
    const known = key.toLowerCase();
    if (known === own || known === 'name') return textOf(parameters, key) ?? [];
    return known === `${own}s` || known === 'names' ? listOf(parameters, key).map(String) : [];
  });
}
