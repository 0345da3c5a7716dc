/** Program that copies images with all their referrers, as Go installs it: its version, by Go's own sums of content. */
export const REGCTL = 'github.com/regclient/regclient/cmd/regctl@v0.11.7';

/** Version of the program that signs. */
export const COSIGN = 'v3.1.3';
