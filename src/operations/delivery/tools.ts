/** What copies images with all that refers to them, as Go installs it: its version, by Go's own sums of content. */
export const REGCTL = 'github.com/regclient/regclient/cmd/regctl@v0.11.7';

/** Version of what signs. */
export const COSIGN = 'v3.1.3';
