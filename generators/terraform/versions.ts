/** The oldest Terraform that runs the roots: their S3 backend locks its state without DynamoDB since 1.11. */
export const OLDEST_TERRAFORM = '1.11';

/** Versions that modules and roots ask for. Modules promise less, so that others can use them too. */
export const VERSIONS = {
  terraformModule: '>= 1.8',
  terraformRoot: `>= ${OLDEST_TERRAFORM}`,
  awsProvider: '>= 5.77, < 6',
};
