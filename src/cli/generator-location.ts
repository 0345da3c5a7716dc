/** The name of this package. */
export const OWN = 'create-quilt-mcp-deploy';

/** Packages that `.projenrc.js` loads, and dependencies that must be of the same version. */
export const LOADED = [OWN, 'projen', 'constructs'];

/** Folders that {@link LOADED} are loaded from. */
export interface GeneratorLocation {
  /** Folder of the version of this package that is loaded, whatever version the repository has installed. */
  readonly generator: string;
  /** The repository's root: it has what the generator does not bring. */
  readonly repository: string;
}

/** The environment variable by which the command passes a {@link GeneratorLocation} to `load-generator.ts`. */
export const LOCATION_VARIABLE = 'QUILT_MCP_DEPLOY_GENERATOR';
