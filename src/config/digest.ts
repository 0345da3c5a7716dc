/** Digest of an image, as the pattern of a text. Source: OCI image specification, "Digests". */
export const DIGEST_PATTERN = 'sha256:[0-9a-f]{64}';

export const DIGEST = new RegExp(`^${DIGEST_PATTERN}$`);
