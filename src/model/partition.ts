/** The AWS partition of a region, and the domain of its service endpoints. */
export function partitionOf(region: string): { readonly id: string; readonly dnsSuffix: string } {
  if (region.startsWith('cn-')) {
    return { id: 'aws-cn', dnsSuffix: 'amazonaws.com.cn' };
  }
  return { id: region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', dnsSuffix: 'amazonaws.com' };
}
