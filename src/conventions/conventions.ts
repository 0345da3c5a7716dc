/**
 * One generation of the deployment contract of the Quilt MCP server: what a deployment must know of it, as data.
 */
export interface Conventions {
  /** Catalogue id, e.g. `g3c`. */
  readonly id: string;
  /** What sets this generation apart, in a few words. */
  readonly title: string;
  /** The server's published versions that belong here: from, inclusive; and below, exclusive, where a next one is known. */
  readonly versions: { readonly from: string; readonly below?: string };
  /** The version that a new deployment starts with. */
  readonly defaultVersion: string;
  /** Port that the server listens on. */
  readonly port: number;
  /** Canonical path of the MCP endpoint: what clients are given. */
  readonly path: string;
  /** Path that answers 200 without authentication once the server is up. */
  readonly healthPath: string;
  /** Variables that every deployment of this generation sets to the same value, and why. */
  readonly fixedEnvironment: Readonly<Record<string, { readonly value: string; readonly why: string }>>;
  /** Variables that a deployment derives from its answers, and what each is. */
  readonly derivedEnvironment: Readonly<
    Record<'QUILT_CATALOG_URL' | 'QUILT_REGISTRY_URL' | 'QUILT_SERVICE_TIMEOUT', string>
  >;
  /** Variables that an owner may add, and what each does. */
  readonly optionalEnvironment: Readonly<Record<string, string>>;
  /** Variables that must not be set, and what happens when they are. */
  readonly forbiddenEnvironment: Readonly<Record<string, string>>;
  /** Ways of authentication that the server has. */
  readonly authModes: readonly ('bearer' | 'jwt-secret' | 'enhanced-jwt')[];
  /** Seconds from start to healthy that a task of the smallest size needs. */
  readonly startPeriod: number;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly stopTimeout: number;
  /** Documents, files and versions that this was read or measured from. */
  readonly sources: readonly string[];
}
