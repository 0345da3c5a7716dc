import type { LifecyclePolicy } from './live';

export interface Image {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Days since it was pushed. */
  readonly age: number;
}

/**
 * The digests that ECR expires under a lifecycle policy.
 * Source: Amazon ECR user guide, "Lifecycle policy evaluation rules": an image is expired by the first rule that selects
 * it, in ascending priority; `untagged` selects images without any tag, `tagged` those with one, `any` all.
 *
 * @throws Error for a selection that this does not know
 */
export function expiredImages({ rules }: LifecyclePolicy, images: readonly Image[]): string[] {
  const expired = new Set<string>();
  for (const { selection } of [...rules].sort((a, b) => a.rulePriority - b.rulePriority)) {
    const selected = images.filter(({ digest, tags }) => !expired.has(digest) && isSelected(selection.tagStatus, tags));
    for (const { digest } of exceeding(selection, selected)) {
      expired.add(digest);
    }
  }
  return [...expired].sort();
}

function isSelected(tagStatus: string, tags: readonly string[]): boolean {
  switch (tagStatus) {
    case 'any':
      return true;
    case 'tagged':
      return tags.length > 0;
    case 'untagged':
      return tags.length === 0;
    default:
      throw new Error(`unknown tagStatus ${tagStatus}`);
  }
}

function exceeding(
  selection: LifecyclePolicy['rules'][number]['selection'],
  images: readonly Image[],
): readonly Image[] {
  switch (selection.countType) {
    case 'sinceImagePushed':
      return images.filter(({ age }) => age > selection.countNumber);
    case 'imageCountMoreThan':
      return [...images].sort((a, b) => a.age - b.age).slice(selection.countNumber);
    default:
      throw new Error(`unknown countType ${selection.countType}`);
  }
}
